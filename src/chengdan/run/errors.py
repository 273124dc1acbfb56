"""Refusals of the shell: what cannot be done to which record, and the way out."""

from chengdan.base.errors import ChengdanError


class NotFound(ChengdanError):
    """A record that is not there, or that this principal may not see; the two are never told apart."""

    code = "RECORD-001"
    status = 404
    zh = "没有这条记录，或者您无权查看。"
    en = "There is no such record, or you may not see it."


class NoSuchObject(ChengdanError):
    code = "RECORD-002"
    status = 404
    zh = "没有对象“{name}”。"
    en = "There is no object `{name}`."


class NoSuchPanel(ChengdanError):
    """A panel that is not on the viewer's home."""

    code = "HOME-001"
    status = 404
    zh = "您的首页上没有“{name}”。"
    en = "There is no panel `{name}` on your home."


class NoSuchScore(ChengdanError):
    """A score that is not defined, or over what the viewer may not see."""

    code = "SCORE-001"
    status = 404
    zh = "没有评分“{name}”，或者您无权查看。"
    en = "There is no score `{name}`, or you may not see it."


class NoSuchVersion(ChengdanError):
    """A version of the definitions that was never published, or that lacks what is sought in it."""

    code = "PUBLISH-003"
    status = 404
    zh = "第 {version} 版里没有它。"
    en = "It is not in version {version}."


class NoSuchMetric(ChengdanError):
    """A metric that is not defined, or that reads what the viewer may not see."""

    code = "METRIC-001"
    status = 404
    zh = "没有指标“{name}”，或者您无权查看。"
    en = "There is no metric `{name}`, or you may not see it."


class Forbidden(ChengdanError):
    code = "ACCESS-001"
    status = 403
    zh = "您的角色不能对这条记录做此操作。"
    en = "Your role may not do this to the record."
    hint_zh = "请联系记录负责人或管理员。"
    hint_en = "Ask the record's owner or an administrator."


class NotPermitted(ChengdanError):
    code = "ACCESS-002"
    status = 403
    zh = "您的角色没有“{permission}”权限。"
    en = "Your role lacks the permission `{permission}`."
    hint_zh = "请联系管理员。"
    hint_en = "Ask an administrator."


class StaleRecord(ChengdanError):
    """Somebody else changed the record since the writer read it."""

    code = "STALE-001"
    status = 409
    zh = "这条记录已被他人修改（现为第 {current} 版，您看到的是第 {seen} 版）。"
    en = "The record was changed meanwhile: it is at version {current}, you saw {seen}."
    hint_zh = "请查看差异后再保存。"
    hint_en = "Look at the differences, then save again."


class VersionMissing(ChengdanError):
    code = "STALE-002"
    status = 422
    zh = "缺少 version。"
    en = "`version` is missing."
    hint_zh = "带上读取记录时的 version。"
    hint_en = "Send the version that you read."


class RecordArchived(ChengdanError):
    code = "RECORD-003"
    status = 409
    zh = "这条记录已归档。"
    en = "The record is archived."
    hint_zh = "先恢复再修改。"
    hint_en = "Restore it first."


class NoPipeline(ChengdanError):
    code = "RECORD-004"
    status = 422
    zh = "“{label}”没有流程。"
    en = "{label} has no pipeline."


class NoSuchSubstep(ChengdanError):
    code = "RECORD-005"
    status = 422
    zh = "没有子步骤“{name}”。"
    en = "There is no sub-step `{name}`."


class NoSuchReference(ChengdanError):
    """A reference to a record that is not there, archived, or hidden from the writer."""

    code = "VALUE-005"
    status = 422
    zh = "“{label}”指向的记录不存在，或者您无权查看。"
    en = "{label} points to a record that does not exist or that you may not see."


class DuplicateValue(ChengdanError):
    code = "VALUE-006"
    status = 409
    zh = "“{label}”的值已被另一条记录使用。"
    en = "Another record already has this {label}."
    hint_zh = "换一个值，或打开已有的记录。"
    hint_en = "Use another value, or open the existing record."


class RuleLoop(ChengdanError):
    code = "RULE-001"
    status = 409
    zh = "规则相互触发超过 {depth} 层，已停止：{rule}。"
    en = "Rules set each other off more than {depth} deep; stopped at {rule}."
    hint_zh = "请管理员检查规则的触发条件。"
    hint_en = "An administrator should look at what sets the rules off."


class SameRecord(ChengdanError):
    code = "RECORD-006"
    status = 422
    zh = "不能把记录与自己合并。"
    en = "A record can't be merged with itself."


class TooMany(ChengdanError):
    code = "LIMIT-001"
    status = 422
    zh = "一次最多 {limit} 条。"
    en = "At most {limit} at a time."
