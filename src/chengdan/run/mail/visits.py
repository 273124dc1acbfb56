"""Visits: those of tracked links are judged once what came with them is known, and told of where they are people's."""

from collections import defaultdict
from datetime import timedelta
from typing import Any, LiteralString
from uuid import UUID

from chengdan.kernel.event import Event, EventKind
from chengdan.kernel.visit import Verdict, Visit, judge
from chengdan.run.mail.room import ROOM, hold_mail, mail_of, write
from chengdan.run.mail.tracking import DOCUMENT, LINK, PIXEL
from chengdan.run.runtime import Runtime
from chengdan.store.unit import Unit

SETTLED = timedelta(seconds=5)
BATCH = 100
_UNJUDGED: LiteralString = "SELECT DISTINCT email FROM (SELECT email FROM chengdan.mail_hit WHERE verdict IS NULL AND at < %s ORDER BY at LIMIT %s) h"
_OF_MAIL: LiteralString = (
    "SELECT h.id, h.link, h.at, h.method, h.agent, h.network, h.verdict, l.purpose, l.data FROM chengdan.mail_hit h "
    "JOIN chengdan.public_link l ON l.id = h.link WHERE h.email = %s AND h.at < %s ORDER BY h.at FOR UPDATE OF h"
)
_JUDGE: LiteralString = "UPDATE chengdan.mail_hit SET verdict = %s WHERE id = %s"
_KINDS = {
    PIXEL: EventKind.MAIL_OPENED,
    LINK: EventKind.MAIL_LINK_FOLLOWED,
    DOCUMENT: EventKind.MAIL_DOCUMENT_VIEWED,
}


def judge_visits(runtime: Runtime) -> int:
    """Judge the visits that have settled; returns of how many mails."""
    if runtime.snapshot.mail is None:
        return 0
    before = runtime.clock() - SETTLED
    with runtime.pool.connection() as connection:
        mails = [email for (email,) in connection.execute(_UNJUDGED, (before, BATCH)).fetchall()]
    for email in mails:
        with runtime.unit(ROOM, "mail/visits") as unit:
            _judge_mail(unit, email, before)
    return len(mails)


def _judge_mail(unit: Unit, email: UUID, before: Any) -> None:
    item, mail = mail_of(unit.snapshot)
    row = hold_mail(unit, email)
    if row is None:
        unit.execute("DELETE FROM chengdan.mail_hit WHERE email = %s", (email,))
        return
    hits = unit.execute(_OF_MAIL, (email, before)).fetchall()
    verdicts = judge([Visit(*hit[:6]) for hit in hits], row[mail["at"]] or row["created_at"])
    told: dict[UUID, list[Any]] = defaultdict(list)
    for id, link, at, _, _, _, verdict, purpose, data in hits:
        if verdict is None:
            unit.execute(_JUDGE, (verdicts[id], id))
            if verdicts[id] is Verdict.PERSON:
                told[link].append((at, purpose, data.get("name") or data.get("url") or ""))
    for visits in told.values():
        at, purpose, label = visits[0]
        facts = {"at": at, "label": label, "times": len(visits)}
        unit.record(Event(_KINDS[purpose], item.name, email, facts))
    if told and row[mail["opened_at"]] is None:
        write(unit, email, opened_at=min(visits[0][0] for visits in told.values()))
