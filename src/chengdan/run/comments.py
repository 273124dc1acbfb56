"""Comments on records: whoever sees a record may comment on it; what is edited or removed stays in the journal."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, LiteralString
from uuid import UUID

from chengdan.base.errors import ChengdanError
from chengdan.base.ids import new_id
from chengdan.base.label import Label
from chengdan.kernel.event import Event, EventKind
from chengdan.kernel.object import Object
from chengdan.run import audience, channels
from chengdan.run.commands import Comment, EditComment, RemoveComment
from chengdan.run.errors import NotFound, RecordArchived
from chengdan.run.explain import seen
from chengdan.run.people import names_of
from chengdan.store.unit import Row, Unit

MAX_TEXT = 5_000
MAX_MENTIONS = 50
MAX_LISTED = 50
EXCERPT = 80


class BadComment(ChengdanError):
    """A comment without text, or one that is too long."""

    code = "COMMENT-001"
    status = 422
    zh = "评论应有 1–{limit} 个字。"
    en = "A comment has 1–{limit} characters."


class MentionUnseeing(ChengdanError):
    """Somebody mentioned who may not see the record: they could not read what is asked of them."""

    code = "COMMENT-002"
    status = 422
    zh = "{name} 无权查看这条记录，不能提及。"
    en = "{name} may not see this record and can't be mentioned."
    hint_zh = "先把记录共享给对方，或去掉这个提及。"
    hint_en = "Share the record with them first, or leave the mention out."


class NotYourComment(ChengdanError):
    code = "COMMENT-003"
    status = 403
    zh = "只能修改或删除自己的评论。"
    en = "Only your own comments can be edited or removed."


class TooManyMentions(ChengdanError):
    code = "COMMENT-004"
    status = 422
    zh = "一条评论最多提及 {limit} 人。"
    en = "A comment mentions at most {limit} people."


_INSERT: LiteralString = (
    "INSERT INTO chengdan.comment (id, object, record_id, author, at, text, mentions) VALUES (%s, %s, %s, %s, %s, %s, %s) "
    "ON CONFLICT DO NOTHING"
)
_SELECT: LiteralString = (
    "SELECT c.id, c.author, u.name, c.at, c.text, c.mentions, c.edited_at, c.removed_at FROM chengdan.comment c "
    'LEFT JOIN data."user" u ON u.id = c.author WHERE '
)


def comment(unit: Unit, command: Comment) -> Row:
    """Write a comment, tell those it mentions, the owner and the followers; its author follows the record from now on.

    Raises NotFound, RecordArchived, BadComment, MentionUnseeing, TooManyMentions.
    """
    item, row = _open(unit, command.object, command.id)
    text = _checked(command.text)
    mentions = _mentionable(unit, command)
    id = command.comment or new_id()
    known = unit.execute("SELECT record_id, author FROM chengdan.comment WHERE id = %s", (id,)).fetchone()
    if known is not None:
        if known != (command.id, unit.principal.user):
            raise NotFound(path="comment")
        return row
    unit.later(
        _INSERT, (id, item.name, command.id, unit.principal.user, unit.now, text, mentions), ("comment", id)
    )
    facts = {"comment": id, "text": text, "mentions": mentions}
    unit.record(Event(EventKind.COMMENT_ADDED, item.name, command.id, facts))
    _tell_mentioned(unit, item, row, text, mentions)
    told = {*mentions}
    rest = [user for user in (*_following(unit, command.id), row["owner"]) if user and user not in told]
    author, title, excerpt = unit.principal.name, audience.title_of(item, row), _excerpt(text)
    message = Label(f"{author} 评论了「{title}」：{excerpt}", f"{author} commented on {title}: {excerpt}")
    audience.tell(unit, item, command.id, rest, message, channels.COMMENTED)
    audience.start(unit, item.name, command.id)
    return row


def edit(unit: Unit, command: EditComment) -> Row:
    """Replace the text of one's own comment; people it mentions anew are told. Raises as `comment`, NotYourComment."""
    item, row = _open(unit, command.object, command.id)
    old, before = _own(unit, command)
    text = _checked(command.text)
    mentions = _mentionable(unit, command)
    if (text, mentions) == (old, before):
        return row
    unit.later(
        "UPDATE chengdan.comment SET text = %s, mentions = %s, edited_at = %s WHERE id = %s",
        (text, mentions, unit.now, command.comment),
        ("comment", command.comment),
    )
    facts = {"comment": command.comment, "old": old, "new": text, "mentions": mentions}
    unit.record(Event(EventKind.COMMENT_EDITED, item.name, command.id, facts))
    _tell_mentioned(unit, item, row, text, [user for user in mentions if user not in before])
    return row


def remove(unit: Unit, command: RemoveComment) -> Row:
    """Take one's own comment away; the journal keeps it. Raises NotFound, RecordArchived, NotYourComment."""
    item, row = _open(unit, command.object, command.id)
    text, _ = _own(unit, command)
    unit.later(
        "UPDATE chengdan.comment SET removed_at = %s WHERE id = %s",
        (unit.now, command.comment),
        ("comment", command.comment),
    )
    unit.record(
        Event(EventKind.COMMENT_REMOVED, item.name, command.id, {"comment": command.comment, "text": text})
    )
    return row


def comments_of(reader: Unit, object: str, id: UUID, before: UUID | None = None) -> Mapping[str, Any]:
    """A page of the comments on a record within reach, newest first, from `before` on. Raises NotFound."""
    seen(reader, object, id)
    rows = reader.execute(
        _SELECT
        + "c.record_id = %s AND c.removed_at IS NULL AND (%s::uuid IS NULL OR c.id < %s) ORDER BY c.id DESC LIMIT %s",
        (id, before, before, MAX_LISTED + 1),
    ).fetchall()
    items = _as_json(reader, rows[:MAX_LISTED])
    return {"items": items, "next_cursor": str(items[-1]["id"]) if len(rows) > MAX_LISTED else None}


def comments_by_id(reader: Unit, ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """Comments as they are now, by id; a removed one has no text. For events of records that the viewer sees."""
    if not ids:
        return {}
    rows = reader.execute(_SELECT + "c.id = ANY(%s)", (list(ids),)).fetchall()
    return {found["id"]: found for found in _as_json(reader, rows)}


def _as_json(reader: Unit, rows: Sequence[tuple[Any, ...]]) -> list[dict[str, Any]]:
    names = names_of(reader, {user for row in rows for user in row[5]})
    return [
        {
            "id": id,
            "author": {"id": author, "label": name},
            "at": at,
            "text": "" if removed_at else text,
            "mentions": [{"id": user, "label": names.get(str(user))} for user in mentions],
            "edited_at": edited_at,
            "removed_at": removed_at,
        }
        for id, author, name, at, text, mentions, edited_at, removed_at in rows
    ]


def _open(unit: Unit, object: str, id: UUID) -> tuple[Object, Row]:
    row = seen(unit, object, id)
    if row["archived_at"] is not None:
        raise RecordArchived()
    return unit.snapshot.objects[object], row


def _own(unit: Unit, command: EditComment | RemoveComment) -> tuple[str, list[UUID]]:
    """The text and the mentions of a comment that is the principal's own, locked."""
    found = unit.execute(
        "SELECT author, text, mentions FROM chengdan.comment "
        "WHERE id = %s AND record_id = %s AND removed_at IS NULL FOR UPDATE",
        (command.comment, command.id),
    ).fetchone()
    if found is None:
        raise NotFound(path="comment")
    author, text, mentions = found
    if author != unit.principal.user:
        raise NotYourComment()
    return text, list(mentions)


def _checked(text: str) -> str:
    text = text.strip()
    if not 1 <= len(text) <= MAX_TEXT:
        raise BadComment(path="text", limit=MAX_TEXT)
    return text


def _mentionable(unit: Unit, command: Comment | EditComment) -> list[UUID]:
    """The people that a comment mentions, each once. Raises MentionUnseeing for one who may not see the record."""
    people = list(dict.fromkeys(command.mentions))
    if len(people) > MAX_MENTIONS:
        raise TooManyMentions(path="mentions", limit=MAX_MENTIONS)
    for user in people:
        if not audience.may_see(unit, user, command.object, command.id):
            name = names_of(unit, [user]).get(str(user), str(user)[:8])
            raise MentionUnseeing(path="mentions", name=name)
    return people


def _tell_mentioned(unit: Unit, item: Object, row: Row, text: str, people: Iterable[UUID]) -> None:
    author, title, excerpt = unit.principal.name, audience.title_of(item, row), _excerpt(text)
    message = Label(
        f"{author} 在「{title}」中提到了您：{excerpt}", f"{author} mentioned you on {title}: {excerpt}"
    )
    audience.tell(unit, item, row["id"], people, message, channels.MENTIONED, urgent=True)


def _following(unit: Unit, id: UUID) -> list[UUID]:
    rows = unit.execute(
        "SELECT user_id FROM chengdan.follower WHERE record_id = %s LIMIT %s", (id, audience.MAX_FOLLOWERS)
    ).fetchall()
    return [user for (user,) in rows]


def _excerpt(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= EXCERPT else line[: EXCERPT - 1] + "…"
