"""Refusals of pools: whose turn it is not, and when it will be."""

from chengdan.base.errors import ChengdanError


class NoSuchPool(ChengdanError):
    code = "POOL-001"
    status = 404
    zh = "没有公海“{name}”，或者您的角色不能使用。"
    en = "There is no pool `{name}`, or your role may not use it."


class NotInPool(ChengdanError):
    """A record that somebody holds: perhaps another one was faster."""

    code = "POOL-002"
    status = 409
    zh = "它已不在公海，现由{holder}负责。"
    en = "It is not in the pool any more: {holder} holds it."
    hint_zh = "刷新列表，换一条领取。"
    hint_en = "Reload the list and claim another one."


class QuotaReached(ChengdanError):
    code = "POOL-003"
    status = 409
    zh = "{person}已持有 {held} 条，上限 {limit} 条。"
    en = "{person} holds {held} already, {limit} is the limit."
    hint_zh = "先退回一些，或请经理调整上限。"
    hint_en = "Give some back first, or ask your manager for a higher limit."


class DailyLimitReached(ChengdanError):
    code = "POOL-004"
    status = 409
    zh = "今天已领取 {claimed} 条，每天最多 {limit} 条。"
    en = "{claimed} were claimed today; at most {limit} a day."
    hint_zh = "明天再领，或请经理分配。"
    hint_en = "Claim it tomorrow, or ask your manager to assign it."


class CoolingDown(ChengdanError):
    """The former holder who wants a record back too soon."""

    code = "POOL-005"
    status = 409
    zh = "您是上一位负责人，{until} 之后才能再领取。"
    en = "You held it last; you may claim it again after {until}."
    hint_zh = "请经理分配，或让同事领取。"
    hint_en = "Ask your manager to assign it, or let a colleague claim it."


class CannotHold(ChengdanError):
    """Somebody whose roles may not hold records of the pool."""

    code = "POOL-006"
    status = 422
    zh = "所选的人不能持有这个公海的记录。"
    en = "That person may not hold records of this pool."
    hint_zh = "请选择在职的、有领取资格的人。"
    hint_en = "Choose somebody active whose role may claim."


class NoteMissing(ChengdanError):
    code = "POOL-007"
    status = 422
    zh = "请写明退回的原因。"
    en = "Say why it is given back."
