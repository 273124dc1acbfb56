"""Customers of the demo company who are asked to sign on their phones: one has signed, one has still to. Done as they would do it."""

from math import sin
from typing import Any
from uuid import UUID

from chengdan.base.json import loads_exact
from chengdan.kernel.access import Principal
from chengdan.run import asking, links
from chengdan.run.asking import Signatory
from chengdan.run.documents import FONT
from chengdan.run.read import ListQuery, list_records
from chengdan.run.runtime import Runtime
from chengdan.run.strokes import Stroke

DELIVERABLE = "pain_form"
PHONE = "Mozilla/5.0 (Linux; Android 15) MicroMessenger/8.0"
_STILL_TO_SIGN = 'owner == me and stage == "discovery" and account != null'


def ask_to_sign(runtime: Runtime, rep: Principal) -> None:
    """Let `rep` ask the customers of the newest opportunities in 需求分析, of whom the first signs at once."""
    if not FONT.is_file():
        return
    with runtime.reader(rep) as reader:
        query = ListQuery("opportunity", filter=_STILL_TO_SIGN, sort="-stage_since", limit=2)
        opportunities = [loads_exact(text) for text in list_records(reader, query).items]
    for place, opportunity in enumerate(opportunities):
        id = UUID(opportunity["id"])
        asked = asking.ask(runtime, rep, "opportunity", id, DELIVERABLE, "zh-CN")
        if place == 0:
            link = links.opened(runtime, asked.token, "")
            links.note_opened(runtime, link)
            signatory = Signatory(_signer(runtime, rep, opportunity), written(), "", PHONE)
            asking.sign(runtime, link, signatory)


def _signer(runtime: Runtime, rep: Principal, opportunity: Any) -> str:
    """Whoever there is known to the rep."""
    query = ListQuery("contact", filter=f'account == "{opportunity["account"]}"', limit=1)
    with runtime.reader(rep) as reader:
        found = [loads_exact(text) for text in list_records(reader, query).items]
    return str(found[0]["name"]) if found else "王敏"


def written() -> list[Stroke]:
    """A name as fingers write it: three strokes."""
    return [
        [
            (0.16 + 0.22 * part + 0.2 * step / 24, 0.5 + (0.26 - 0.05 * part) * sin(step / (2.4 + part)))
            for step in range(25)
        ]
        for part in range(3)
    ]
