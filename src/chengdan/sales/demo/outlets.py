"""The outlets of the demo company. They are switched off, as nobody reads these chats: a real address makes one of them work."""

from typing import NamedTuple


class DemoOutlet(NamedTuple):
    """An outlet; teams by name. `refusal` is what a robot that was set up wrongly answers, as it did of late."""

    name: str
    kind: str
    address: str
    secret: str
    kinds: tuple[str, ...] = ()
    urgent_only: bool = False
    teams: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    refusal: str = ""


OUTLETS = (
    DemoOutlet(
        "华东大区销售群",
        "dingtalk",
        "https://oapi.dingtalk.com/robot/send?access_token=demo",
        "SECdemo",
        kinds=("opportunity_won", "opportunity_big", "concern_serious", "opportunity_needs_help"),
        teams=("华东大区",),
    ),
    DemoOutlet(
        "管理层紧急预警",
        "wecom",
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=demo",
        "",
        urgent_only=True,
        roles=("manager",),
    ),
    DemoOutlet(
        "售前支持群",
        "feishu",
        "https://open.feishu.cn/open-apis/bot/v2/hook/demo",
        "demo",
        kinds=("concern_serious", "opportunity_needs_help"),
        roles=("presales",),
        refusal="code 19021: sign match fail or timestamp is not within one hour from current time",
    ),
    DemoOutlet(
        "数据中台",
        "webhook",
        "https://hooks.example.com/chengdan",
        "",
        kinds=("opportunity_won", "opportunity_lost"),
    ),
)
