"""The demo rep's mailbox and the mails that they have begun: a proposal, and an answer. Made as they would make them.

Its server stands at a name that never exists, so nothing leaves the demo company.
"""

from typing import Any
from uuid import UUID

from chengdan.base.json import loads_exact
from chengdan.kernel.access import Principal
from chengdan.run.action import apply
from chengdan.run.commands import Update
from chengdan.run.mail import accounts, drafting
from chengdan.run.mail.drafting import Beginning
from chengdan.run.read import ListQuery, list_records
from chengdan.run.runtime import Runtime

MAILBOX = {
    "address": "rep@chengdan.example",
    "signature": "成单科技 · 上海1组\n021-6100 0000",
    "smtp_host": "smtp.chengdan.example",
    "password": "demo",
}
LETTER = "proposal"
ANSWER = "您好：\n\n问题已经收到，我和售前今天碰一下，明天上午给您书面答复。\n\n李思远"
_TO_PROPOSE = 'owner == me and stage == "demo" and primary_contact != null'
_TO_ANSWER = 'owner == me and direction == "incoming" and opportunity != null'


def write_mail(runtime: Runtime, rep: Principal) -> None:
    """Give `rep` a mailbox, and let them begin a proposal to a customer and an answer to another."""
    with runtime.unit(rep) as unit:
        described = accounts.describe({**MAILBOX, "name": rep.name}, rep)
        accounts.save(unit, runtime.secrets, described)
    opportunity = _newest(runtime, rep, "opportunity", _TO_PROPOSE)
    if opportunity is not None:
        begun = Beginning("opportunity", UUID(opportunity["id"]), LETTER)
        with runtime.unit(rep) as unit:
            drafting.begin(unit, begun)
    mail = _newest(runtime, rep, "email", _TO_ANSWER)
    if mail is not None:
        with runtime.unit(rep) as unit:
            draft = drafting.begin(unit, Beginning(answers=UUID(mail["id"])))
            apply(unit, Update("email", draft["id"], None, {"body": ANSWER}))


def _newest(runtime: Runtime, rep: Principal, object: str, filter: str) -> Any:
    query = ListQuery(object, filter=filter, sort="-created_at", limit=1)
    with runtime.reader(rep) as reader:
        found = [loads_exact(text) for text in list_records(reader, query).items]
    return found[0] if found else None
