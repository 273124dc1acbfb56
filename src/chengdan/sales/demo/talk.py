"""What colleagues have just written to each other: comments that mention somebody, so that they find them in the morning."""

from typing import NamedTuple


class Remark(NamedTuple):
    """Who writes to whom (log-ins), on the first opportunity that fits and that both see, and what."""

    author: str
    to: str
    filter: str
    text: str


_OPEN = 'not (stage in ["won", "lost"])'
_OTHERS = 'owner.username != "rep"'
REMARKS = (
    Remark("manager", "rep", f"{_OPEN} and owner == me", "周四前给客户一个答复的时间，需要我出面就说。"),
    Remark("presales", "rep", 'stage == "proposal" and owner == me', "演示环境已换成客户的产线数据，下午可以预演一遍。"),
    Remark("finance", "rep", 'stage == "negotiation" and owner == me', "毛利我测算过了，折扣再让 2 个点就到底线。"),
    Remark("rep", "manager", f"{_OPEN} and amount > 200000", "竞品今天又降了一次价，能否申请特价？"),
    Remark("sales_ops", "manager", f"{_OPEN} and close_on < today()", "签约日已经过了，请更新或说明原因。"),
    Remark("legal", "manager", 'stage == "negotiation"', "客户改了验收条款第 4 条，请确认交付能不能接受。"),
    Remark("rep", "presales", 'stage in ["discovery", "demo"]', "客户的 IT 主管下周来公司，能安排一次现场演示吗？"),
    Remark("rep", "finance", 'stage == "proposal"', "客户想分三期付款，账期是否可行？"),
    Remark("rep", "legal", 'stage == "negotiation"', "客户要求补充数据安全责任协议，请帮忙看一下。"),
    Remark("manager", "csm", f'stage == "won" and {_OTHERS}', "客户希望尽快开始培训，请安排交接会。"),
    Remark("manager", "sales_ops", f"{_OPEN} and {_OTHERS}", "这个商机的来源填错了，请帮忙核对。"),
    Remark("sales_ops", "admin", f"{_OPEN} and account != null", "这家客户有两条重复记录，合并后请核对权限。"),
)  # fmt: skip
