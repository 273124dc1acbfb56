"""Threads: mails by conversation, as far as the viewer may see them, and what of a thread goes along with an answer."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, LiteralString
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    FromClause,
    Integer,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    true,
    tuple_,
)

from chengdan.kernel.access import Act
from chengdan.kernel.mail import Direction, Mail, MailStatus
from chengdan.run.errors import NotFound
from chengdan.run.mail.room import mail_of, relations
from chengdan.run.read import bad_query, get_records
from chengdan.store.searching import Searched, matches, pattern_of
from chengdan.store.statement import render
from chengdan.store.unit import Unit
from chengdan.store.visibility import reach, scope_params

BOXES = ("all", "unread", "unanswered", "awaiting", "drafts", "failed")
"""`unanswered`: the customer wrote last. `awaiting`: we wrote last, and nobody has answered."""

MAX_THREADS = 50
MAX_MAILS = 200
COUNTED = 100
SNIPPET = 160
AWAITED = timedelta(days=60)
_CAME = (
    MailStatus.SENT,
    MailStatus.RECEIVED,
    MailStatus.BOUNCED,
    MailStatus.UNCERTAIN,
    MailStatus.QUEUED,
    MailStatus.FAILED,
)
_FAILED = (MailStatus.FAILED, MailStatus.BOUNCED, MailStatus.UNCERTAIN)
_HITS: LiteralString = (
    "SELECT h.email, l.purpose, l.data, count(*), min(h.at), max(h.at) FROM chengdan.mail_hit h JOIN chengdan.public_link l "
    "ON l.id = h.link WHERE h.email = ANY(%s) AND h.verdict = 'person' GROUP BY h.email, l.id, l.purpose, l.data ORDER BY 5 LIMIT 500"
)
_PAGES: LiteralString = (
    "SELECT v.email, l.data ->> 'name', v.page, sum(v.seconds)::int, count(*) FROM chengdan.mail_page_view v "
    "JOIN chengdan.public_link l ON l.id = v.link WHERE v.email = ANY(%s) GROUP BY 1, 2, 3 ORDER BY 1, 2, 3 LIMIT 2000"
)
_FILES: LiteralString = (
    "SELECT f.record_id, f.id, f.name, f.size, f.mime FROM chengdan.file f WHERE f.record_id = ANY(%s) "
    "AND f.removed_at IS NULL ORDER BY f.created_at LIMIT 1000"
)


@dataclass(frozen=True, slots=True)
class Answered:
    """What is quoted of the mail that a mail answers, and the messages before it in its thread, the oldest first."""

    quoted: str = ""
    references: tuple[str, ...] = ()


def answered(reader: Unit, message_id: str | None, thread: str | None) -> Answered:
    """What goes along with an answer to the mail with this Message-ID."""
    if not message_id:
        return Answered()
    item, mail = mail_of(reader.snapshot)
    c = reader.tables[item.name].c
    query = (
        select(c[mail["message_id"]], c[mail["sender"]], c[mail["body"]], c[mail["at"]])
        .where(c[mail["thread"]] == (thread or ""), c[mail["message_id"]].is_not(None))
        .order_by(c[mail["at"]].desc().nulls_last(), c.id.desc())
        .limit(20)
    )
    sql, params = render(query).bound()
    rows = reader.execute(sql, params).fetchall()
    quoted = next((row for row in rows if row[0] == message_id), None)
    if quoted is None:
        return Answered()
    _, sender, body, at = quoted
    when = f"{at.astimezone(ZoneInfo(reader.principal.time_zone)):%Y-%m-%d %H:%M} " if at else ""
    older = tuple(row[0] for row in reversed(rows) if row[0] != message_id)
    return Answered(f"{when}{sender} 写道：\n\n{body or ''}"[:20_000], older)


@dataclass(frozen=True, slots=True)
class Sought:
    """Which threads are wanted: those of a `box`, of own mails or of all within reach, holding `q`, before a cursor."""

    box: str = "all"
    mine: bool = True
    q: str = ""
    before: str = ""
    limit: int = MAX_THREADS


def threads(reader: Unit, sought: Sought) -> dict[str, Any]:
    """A page of threads, the latest first: each by its last mail, with how many it has. Raises BadQuery, NoMail."""
    item, mail = mail_of(reader.snapshot)
    if sought.box not in BOXES:
        raise bad_query("box", f"box 可用：{'、'.join(BOXES)}", f"box is one of {', '.join(BOXES)}")
    if not 1 <= sought.limit <= MAX_THREADS:
        raise bad_query("limit", f"limit 应为 1–{MAX_THREADS}", f"limit must be 1–{MAX_THREADS}")
    heads = _Heads(reader, mail, item.name, sought.mine)
    query = select(heads.table.c.id, heads.moment, heads.key).where(
        heads.in_box(sought.box), heads.found(sought.q)
    )
    if sought.before:
        query = query.where(tuple_(heads.moment, heads.table.c.id) < tuple_(*_place(sought.before)))
    query = query.order_by(heads.moment.desc(), heads.table.c.id.desc()).limit(sought.limit + 1)
    sql, params = render(query).bound(**scope_params(reader.principal))
    rows = reader.execute(sql, params).fetchall()
    page = rows[: sought.limit]
    more = f"{page[-1][1].isoformat()}/{page[-1][0]}" if len(rows) > sought.limit else None
    shown = _mails(reader, [row[0] for row in page])
    counts = heads.counts([row[2] for row in page])
    items = []
    for id, _, key in page:
        if id in shown:
            last = shown[id]
            last["body"] = " ".join((last["body"] or "").split())[:SNIPPET]
            count, unread = counts.get(key, (1, 0))
            items.append({"thread": key, "count": count, "unread": unread, "last": last})
    return {"items": items, "next_cursor": more}


def counted(reader: Unit, mine: bool) -> dict[str, int]:
    """How many threads the boxes hold that wait for somebody, counted up to COUNTED."""
    item, mail = mail_of(reader.snapshot)
    found = {}
    for box in ("unread", "unanswered", "awaiting", "drafts", "failed"):
        heads = _Heads(reader, mail, item.name, mine)
        some = select(heads.table.c.id).where(heads.in_box(box)).limit(COUNTED).subquery()
        sql, params = render(select(func.count()).select_from(some)).bound(**scope_params(reader.principal))
        row = reader.execute(sql, params).fetchone()
        found[box] = int(row[0]) if row else 0
    return found


def _place(cursor: str) -> tuple[datetime, UUID]:
    at, _, id = cursor.partition("/")
    try:
        found = datetime.fromisoformat(at)
        return found.astimezone(UTC), UUID(id)
    except ValueError:
        raise bad_query("cursor", "cursor 不对", "the cursor is not valid") from None


class _Heads:
    """The last mails of threads within the viewer's reach."""

    def __init__(self, reader: Unit, mail: Mail, object: str, mine: bool) -> None:
        self._reader, self._mail, self._object, self._mine = reader, mail, object, mine
        self.table: FromClause = reader.tables[object].alias("m")
        self.moment = _moment(mail, self.table)
        self.key = func.coalesce(
            self.table.c[mail["thread"]], func.replace(cast(self.table.c.id, Text), "-", "")
        )

    def in_box(self, box: str) -> ColumnElement[bool]:
        """That a mail is the one by which its thread stands in the box."""
        mail, table = self._mail, self.table
        status, within = table.c[mail["status"]], self._within(table)
        if box == "drafts":
            own = table.c.owner == bindparam("me", type_=Uuid)
            return and_(within, own, status == MailStatus.DRAFT)
        if box == "failed":
            return and_(within, _among(status, _FAILED))
        last = and_(within, _among(status, _CAME), ~self._has_later())
        incoming = table.c[mail["direction"]] == Direction.INCOMING
        match box:
            case "unread":
                return and_(last, self._has_unread())
            case "unanswered":
                return and_(last, incoming, table.c[mail["automatic"]].is_not(true()))
            case "awaiting":
                waits = and_(status == MailStatus.SENT, table.c[mail["replied_at"]].is_(None))
                return and_(last, waits, table.c[mail["at"]] > self._reader.now - AWAITED)
        return last

    def found(self, q: str) -> ColumnElement[bool]:
        """That a mail holds what is searched for in its subject, people or body."""
        searched = Searched.of(q)
        if not searched:
            return true()
        roles = ("subject", "sender", "to", "body")
        return or_(*(matches(self.table.c[self._mail[role]], pattern_of(q), searched) for role in roles))

    def counts(self, keys: list[str]) -> dict[str, tuple[int, int]]:
        """How many mails of each thread are within reach, and how many of them are unread."""
        mail, table = self._mail, self._reader.tables[self._object].alias("c")
        unread = func.sum(cast(func.coalesce(table.c[mail["unread"]], False), Integer))
        key = table.c[mail["thread"]]
        query = select(key, func.count(), unread).where(
            _among(key, keys), self._within(table), table.c[mail["status"]] != MailStatus.DRAFT
        )
        sql, params = render(query.group_by(key)).bound(**scope_params(self._reader.principal))
        return {
            key: (count, unread or 0) for key, count, unread in self._reader.execute(sql, params).fetchall()
        }

    def _within(self, table: FromClause) -> ColumnElement[bool]:
        reader = self._reader
        within = reach(reader.snapshot, reader.principal, self._object, Act.READ, table, reader.sql_context)
        mine = table.c.owner == bindparam("me", type_=Uuid) if self._mine else true()
        return and_(within, mine, table.c.archived_at.is_(None))

    def _has_later(self) -> ColumnElement[bool]:
        mail, later = self._mail, self._reader.tables[self._object].alias("l")
        return exists().where(
            later.c[mail["thread"]] == self.table.c[mail["thread"]],
            _among(later.c[mail["status"]], _CAME),
            self._within(later),
            tuple_(_moment(mail, later), later.c.id) > tuple_(self.moment, self.table.c.id),
        )

    def _has_unread(self) -> ColumnElement[bool]:
        mail, other = self._mail, self._reader.tables[self._object].alias("u")
        same = other.c[mail["thread"]] == self.table.c[mail["thread"]]
        return exists().where(same, other.c[mail["unread"]].is_(true()), self._within(other))


def _among(column: ColumnElement[Any], values: Sequence[str]) -> ColumnElement[bool]:
    """That a column has one of these values: as one parameter, so that the statement can leave others open."""
    return column == any_(literal([str(value) for value in values], ARRAY(Text)))


def _moment(mail: Mail, table: FromClause) -> Any:
    """When a mail was sent or came; a draft: when it was last changed."""
    return func.coalesce(table.c[mail["at"]], table.c.updated_at)


def thread(reader: Unit, key: str) -> dict[str, Any]:
    """All mails of a thread within reach, the oldest first, with what is known of each. Raises NotFound, NoMail."""
    item, mail = mail_of(reader.snapshot)
    table = reader.tables[item.name]
    within = reach(reader.snapshot, reader.principal, item.name, Act.READ, table, reader.sql_context)
    key_of = table.c[mail["thread"]] == key
    with suppress(ValueError):
        key_of = or_(key_of, and_(table.c[mail["thread"]].is_(None), table.c.id == UUID(key)))
    query = select(table.c.id).where(key_of, within, table.c.archived_at.is_(None))
    query = query.order_by(_moment(mail, table).desc(), table.c.id.desc()).limit(MAX_MAILS)
    sql, params = render(query).bound(**scope_params(reader.principal))
    ids = [id for (id,) in reader.execute(sql, params).fetchall()]
    shown = _mails(reader, ids)
    if not shown:
        raise NotFound()
    mails = [shown[id] for id in reversed(ids) if id in shown]
    _with_response(reader, mails)
    subject = next((one["subject"] for one in mails if one["subject"]), "")
    return {"thread": key, "subject": subject, "items": mails}


def one(reader: Unit, id: UUID) -> dict[str, Any]:
    """One mail, as in its thread. Raises NotFound, NoMail."""
    shown = _mails(reader, [id])
    if id not in shown:
        raise NotFound()
    _with_response(reader, [shown[id]])
    return shown[id]


def _mails(reader: Unit, ids: list[UUID]) -> dict[UUID, dict[str, Any]]:
    """Mails by role, with what they hang to by name; hidden fields are left out by the list that reads them."""
    item, mail = mail_of(reader.snapshot)
    hidden = reader.snapshot.access(reader.principal, item.name).hidden
    related = [name for name in relations(item) if name not in hidden]
    roles = {role: name for role, name in mail.fields.items() if name not in hidden and role != "files"}
    found: dict[UUID, dict[str, Any]] = {}
    fields = tuple(dict.fromkeys((*roles.values(), *related, "owner", "updated_at")))
    for text in get_records(reader, item.name, ids, fields, (*related, "owner")) if ids else ():
        row = orjson.loads(text)
        shown = {role: row.get(name) for role, name in roles.items()}
        shown |= {"id": row["id"], "version": row["version"], "owner": row.get("owner")}
        shown["moment"] = row.get(mail["at"]) or row.get("updated_at")
        shown["related"] = [
            {"field": name, "object": relations(item)[name], **row[name]} for name in related if row.get(name)
        ]
        shown["may_edit"] = row.get("owner", {}).get("id") == str(reader.principal.user)
        found[UUID(row["id"])] = shown
    return found


def _with_response(reader: Unit, mails: list[dict[str, Any]]) -> None:
    """Add to mails their files, and what tracking tells of them."""
    by_id = {UUID(one["id"]): one for one in mails}
    for one in mails:
        one.update(files=[], visits=[], pages=[])
    ids = list(by_id)
    for record, id, name, size, mime in reader.execute(_FILES, (ids,)).fetchall():
        by_id[record]["files"].append({"id": id, "name": name, "size": size, "mime": mime})
    for email, purpose, data, times, first, last in reader.execute(_HITS, (ids,)).fetchall():
        label = data.get("name") or data.get("url") or ""
        visit = {"kind": purpose.removeprefix("mail_"), "label": label, "times": times}
        by_id[email]["visits"].append({**visit, "first": first, "last": last})
    for email, name, page, seconds, readers in reader.execute(_PAGES, (ids,)).fetchall():
        view = {"name": name, "page": page, "seconds": seconds, "readings": readers}
        by_id[email]["pages"].append(view)
