"""What can be wrong with saved views."""

from chengdan.base.errors import ChengdanError


class NoSuchView(ChengdanError):
    code = "VIEW-002"
    status = 404
    zh = "没有这个视图，或者没有与您共享。"
    en = "There is no such view, or it is not shared with you."


class TooManyViews(ChengdanError):
    code = "VIEW-003"
    status = 409
    zh = "每个对象最多保存 {limit} 个视图。"
    en = "At most {limit} views of an object can be saved."
    hint_zh = "先删去不用的。"
    hint_en = "Delete one that you don't use."


class ViewNameTaken(ChengdanError):
    code = "VIEW-004"
    status = 409
    zh = "您已有名为“{name}”的视图。"
    en = "You have a view named “{name}” already."
    hint_zh = "换一个名字。"
    hint_en = "Choose another name."


class StaleView(ChengdanError):
    code = "VIEW-005"
    status = 409
    zh = "这个视图刚被改过。"
    en = "The view was changed meanwhile."
    hint_zh = "刷新后再保存。"
    hint_en = "Reload, then save again."


class ViewNotYours(ChengdanError):
    code = "VIEW-006"
    status = 403
    zh = "这个视图是{owner}的，只有本人能改。"
    en = "The view belongs to {owner}; only they can change it."
    hint_zh = "可以另存为自己的视图。"
    hint_en = "Save it as a view of your own."


class ViewOutdated(ChengdanError):
    """What readers of somebody else's view are told: no more than that it can't be used."""

    code = "VIEW-007"
    status = 422
    zh = "这个视图用到您看不到或已不存在的字段。"
    en = "The view uses fields that are gone or that you may not see."
    hint_zh = "请它的主人更新一下。"
    hint_en = "Ask its owner to update it."


class NoTeam(ChengdanError):
    code = "VIEW-008"
    status = 422
    zh = "您不属于任何团队，不能与团队共享。"
    en = "You belong to no team to share with."
