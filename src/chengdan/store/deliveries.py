"""Deliveries: one row for each thing that leaves through an outlet or by e-mail, from waiting to sent or given up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, LiteralString
from uuid import UUID

from psycopg.types.json import Jsonb

from chengdan.base.ids import id_at, new_id
from chengdan.store.connection import Connection

WINDOW = timedelta(minutes=10)
"""What happens to one subject again within this time is said once, when it ends."""
KEPT, STALE = timedelta(days=90), timedelta(days=1)
MAX_ATTEMPTS = 8
ALONE_FROM = 3
"""From this attempt on a line leaves alone: a line that is refused for what it says must not take others along."""
MAX_ANSWER = 300
DIGEST, TEST = "@digest", "@test"
"""Kinds of deliveries that are no notifications."""
_ADD: LiteralString = (
    "INSERT INTO chengdan.delivery (id, outlet, user_id, kind, subject, object, record_id, zh, en, urgent, people, count, "
    "at, due_at, state, body) VALUES (%(id)s, %(outlet)s, %(user)s, %(kind)s, %(subject)s, %(object)s, %(record)s, %(zh)s, "
    "%(en)s, %(urgent)s, %(people)s, %(count)s, %(at)s, %(due_at)s, 'waiting', %(body)s)"
)
_BEGIN_TEST: LiteralString = (
    "INSERT INTO chengdan.delivery (id, outlet, kind, subject, zh, en, urgent, people, at, due_at, state, attempts) "
    "VALUES (%s, %s, %s, %s, %s, %s, false, %s, %s, %s, 'sending', 1)"
)
_OF_SUBJECT: LiteralString = (
    "FROM chengdan.delivery WHERE outlet = %(outlet)s AND kind = %(kind)s AND subject = %(subject)s "
)
_LATEST: LiteralString = "SELECT id, state, at, zh " + _OF_SUBJECT + "ORDER BY id DESC LIMIT 1 FOR UPDATE"
_SAID: LiteralString = (
    "SELECT coalesce(sent_at, at) "
    + _OF_SUBJECT
    + "AND state IN ('sent', 'sending') ORDER BY id DESC LIMIT 1"
)
_JOIN: LiteralString = (
    "UPDATE chengdan.delivery SET people = ARRAY(SELECT DISTINCT unnest(people || %(people)s) ORDER BY 1), "
    "count = count + %(count)s, zh = %(zh)s, en = %(en)s, urgent = urgent OR %(urgent)s, at = %(at)s, "
    "due_at = least(due_at, %(due_at)s) WHERE id = %(id)s"
)
_ADD_PEOPLE: LiteralString = "UPDATE chengdan.delivery SET people = ARRAY(SELECT DISTINCT unnest(people || %(people)s) ORDER BY 1) WHERE id = %(id)s"
_COLUMNS: LiteralString = (
    "id, kind, object, record_id, zh, en, urgent, "
    'ARRAY(SELECT u.name FROM data."user" u WHERE u.id = ANY(people) ORDER BY u.name), count, at, attempts'
)
_AGAIN: LiteralString = (
    "UPDATE chengdan.delivery SET state = 'waiting' WHERE outlet = %s AND state = 'sending'"
)
_WAITING: LiteralString = (
    "SELECT " + _COLUMNS + " FROM chengdan.delivery WHERE outlet = %s AND state = 'waiting' AND due_at <= %s "
    "ORDER BY attempts >= %s, urgent DESC, id LIMIT %s FOR UPDATE"
)
_SENDING: LiteralString = (
    "UPDATE chengdan.delivery SET state = 'sending', attempts = attempts + 1 WHERE id = ANY(%s)"
)
_SENT: LiteralString = (
    "UPDATE chengdan.delivery SET state = 'sent', answer = %s, sent_at = %s, body = NULL WHERE id = ANY(%s)"
)
_FAILED: LiteralString = (
    "UPDATE chengdan.delivery SET state = CASE WHEN attempts >= %s OR kind = '@test' THEN 'dead' ELSE 'waiting' END, answer = %s, "
    "due_at = coalesce(%s, due_at) WHERE id = ANY(%s)"
)
_SPARED: LiteralString = (
    "UPDATE chengdan.delivery SET state = CASE WHEN at < %s THEN 'dead' ELSE 'waiting' END, answer = %s, "
    "attempts = attempts - 1 WHERE id = ANY(%s)"
)
_MAIL: LiteralString = (
    "SELECT id, user_id, zh, en, body, attempts FROM chengdan.delivery WHERE outlet IS NULL "
    "AND state IN ('waiting', 'sending') AND due_at <= %s ORDER BY due_at LIMIT %s FOR UPDATE SKIP LOCKED"
)
_LEASE_MAIL: LiteralString = (
    "UPDATE chengdan.delivery SET state = 'sending', attempts = attempts + 1, due_at = %s WHERE id = ANY(%s)"
)
RESEND: LiteralString = (
    "UPDATE chengdan.delivery d SET state = 'waiting', attempts = 0, due_at = %s WHERE id = ANY(%s) AND state = 'dead' "
    "AND (outlet IS NULL OR EXISTS (SELECT 1 FROM chengdan.outlet o WHERE o.id = d.outlet)) RETURNING id"
)
DROP_WAITING: LiteralString = (
    "UPDATE chengdan.delivery SET state = 'dead' WHERE outlet = %s AND state IN ('waiting', 'sending')"
)
_FORGET: LiteralString = "DELETE FROM chengdan.delivery WHERE id IN (SELECT id FROM chengdan.delivery WHERE at < %s ORDER BY id LIMIT 5000)"


@dataclass(frozen=True, slots=True)
class Saying:
    """Something to be said through an outlet: `count` times since it was last said, to `people`, not before `due_at`."""

    outlet: UUID
    kind: str
    object: str
    record: UUID | None
    zh: str
    en: str
    urgent: bool
    people: frozenset[UUID]
    count: int
    at: datetime
    due_at: datetime

    @property
    def subject(self) -> str:
        """What makes two sayings of a kind one."""
        return str(self.record) if self.record else self.zh


@dataclass(frozen=True, slots=True)
class Waiting:
    """A delivery that is about to be sent; `people` are names."""

    id: UUID
    kind: str
    object: str
    record: UUID | None
    zh: str
    en: str
    urgent: bool
    people: Sequence[str]
    count: int
    at: datetime
    attempts: int


@dataclass(frozen=True, slots=True)
class Letter:
    """A digest that is about to be sent to a user."""

    id: UUID
    user: UUID
    zh: str
    en: str
    body: Mapping[str, str]
    attempts: int


def say(connection: Connection, saying: Saying) -> None:
    """Queue a saying, joined with one about the same that still waits, and not again within WINDOW of the last."""
    params = {
        "outlet": saying.outlet,
        "kind": saying.kind,
        "subject": saying.subject,
        "object": saying.object,
        "record": saying.record,
        "zh": saying.zh,
        "en": saying.en,
        "urgent": saying.urgent,
        "people": sorted(saying.people),
        "count": saying.count,
        "at": saying.at,
        "due_at": saying.due_at,
    }
    latest = connection.execute(_LATEST, params).fetchone()
    if latest is not None:
        id, state, at, zh = latest
        same = at == saying.at and zh == saying.zh
        if same and state != "waiting":
            connection.execute(_ADD_PEOPLE, {**params, "id": id})
            return
        if said := connection.execute(_SAID, params).fetchone():
            params["due_at"] = max(saying.due_at, said[0] + WINDOW)
        if state == "waiting":
            connection.execute(_JOIN, {**params, "id": id, "count": 0 if same else saying.count})
            return
    id = id_at(int(saying.at.timestamp() * 1000))
    connection.execute(_ADD, {**params, "id": id, "user": None, "body": None})


def begin_test(
    connection: Connection, outlet: UUID, user: UUID, words: tuple[str, str], now: datetime
) -> UUID:
    """Note a test message that is being sent; its id."""
    id = new_id()
    connection.execute(_BEGIN_TEST, (id, outlet, TEST, TEST, *words, [user], now, now))
    return id


def post(
    connection: Connection, user: UUID, subject: tuple[str, str], body: Mapping[str, str], now: datetime
) -> None:
    """Queue an e-mail to a user."""
    zh, en = subject
    params: dict[str, Any] = {
        "id": new_id(),
        "outlet": None,
        "user": user,
        "kind": DIGEST,
        "subject": str(user),
        "object": "",
        "record": None,
        "zh": zh,
        "en": en,
        "urgent": False,
        "people": [user],
        "count": 1,
        "at": now,
        "due_at": now,
        "body": Jsonb(dict(body)),
    }
    connection.execute(_ADD, params)


def waiting(connection: Connection, outlet: UUID, now: datetime, limit: int) -> list[Waiting]:
    """What a leased outlet has to send, the urgent first; of what failed again and again one alone."""
    connection.execute(_AGAIN, (outlet,))
    rows = connection.execute(_WAITING, (outlet, now, ALONE_FROM, limit)).fetchall()
    found = [Waiting(*row) for row in rows]
    together = [one for one in found if one.attempts < ALONE_FROM]
    return together or found[:1]


def sending(connection: Connection, ids: Sequence[UUID]) -> None:
    connection.execute(_SENDING, (list(ids),))


def sent(connection: Connection, ids: Sequence[UUID], answer: str, now: datetime) -> None:
    connection.execute(_SENT, (answer[:MAX_ANSWER], now, list(ids)))


def failed(
    connection: Connection, ids: Sequence[UUID], answer: str, again_at: datetime | None = None
) -> None:
    """Put deliveries back, or aside after MAX_ATTEMPTS."""
    connection.execute(_FAILED, (MAX_ATTEMPTS, answer[:MAX_ANSWER], again_at, list(ids)))


def spared(connection: Connection, ids: Sequence[UUID], answer: str, now: datetime) -> None:
    """Put deliveries back that came too early, which was no attempt; aside when they are older than STALE."""
    connection.execute(_SPARED, (now - STALE, answer[:MAX_ANSWER], list(ids)))


def letters(connection: Connection, now: datetime, until: datetime, limit: int) -> list[Letter]:
    """E-mails to send, leased until then: whoever dies leaves them to the next."""
    rows = connection.execute(_MAIL, (now, limit)).fetchall()
    if rows:
        connection.execute(_LEASE_MAIL, (until, [row[0] for row in rows]))
    return [Letter(*row) for row in rows]


def forget(connection: Connection, now: datetime) -> None:
    """Let go of a part of what is older than KEPT."""
    connection.execute(_FORGET, (now - KEPT,))
