"""What those who may log in have to do these days: tasks of their own that hang on no opportunity."""

from datetime import timedelta
from random import Random

from chengdan.sales.demo.batch import Batch, Story, batch
from chengdan.sales.demo.organisation import Organisation
from chengdan.sales.demo.tasks import FIELDS
from chengdan.sales.demo.workdays import SHANGHAI, WorkDays

_TO_DO = {
    "rep": ("回电客户，确认周三拜访时间", "补录昨天的拜访笔记"),
    "sales_ops": (
        "整理晨会的沉默商机清单",
        "核对线索分配与重复客户",
        "更新报价审批说明",
        "汇总本月漏斗转化数据",
    ),
    "finance": ("核对本周回款与开票", "测算高折扣报价的毛利", "补录已赢单项目的成本", "月末对账：应收与合同"),
    "legal": ("审阅数据安全责任协议修订稿", "回复客户对验收条款的修改意见", "更新销售合同模板"),
    "csm": ("季度回访：重点客户满意度", "跟进上线客户的使用培训", "整理续约到期客户名单"),
    "admin": ("为新同事开通账号", "检查备份恢复演练结果", "复核离职人员的记录交接"),
    "manager": ("准备周一晨会：逐个过沉默商机", "与李思远复盘输单项目", "确认下月团队目标拆分"),
    "presales": ("更新演示环境的样例数据", "整理竞品对比材料"),
}
_DUE = (0, 0, -1, 2, 4)


def office_tasks(rng: Random, days: WorkDays, organisation: Organisation) -> Batch:
    """A few open tasks for everybody who may log in, due yesterday, today and later this week."""
    today = days.now.astimezone(SHANGHAI).date()
    day = max(0, days.last - 1)
    stories = []
    for second, (role, subjects) in enumerate(_TO_DO.items()):
        user = organisation.named[role]
        for number, subject in enumerate(subjects):
            values = {
                "subject": subject,
                "due_on": today + timedelta(days=_DUE[number % len(_DUE)]),
                "done": False,
                "priority": ("high", "normal", "normal", "low")[number % 4],
                "owner": user,
                "team": organisation.team_of[user],
            }
            at = second * 60 + number
            stories.append(Story(days.id(rng, day, at), days.instant(day, at), user, values))
    return batch("task", FIELDS, stories)
