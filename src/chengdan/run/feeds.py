"""Calendar feeds: a secret address under which a calendar program reads what its owner may see, and nothing else."""

import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson

from chengdan.base.errors import Locale
from chengdan.base.label import Label
from chengdan.kernel.access import Act, Principal
from chengdan.kernel.event import Event, EventKind
from chengdan.kernel.field import Field, FieldType
from chengdan.kernel.icalendar import CalendarEvent, calendar_text
from chengdan.kernel.object import Object
from chengdan.kernel.record import UnknownField
from chengdan.kernel.view import View
from chengdan.run.errors import NotFound
from chengdan.run.read import MAX_LIMIT, ListQuery, list_records, viewer_filter
from chengdan.run.sessions import Doorman, hash_token
from chengdan.store import feeds
from chengdan.store.feeds import Feed
from chengdan.store.unit import Unit

PREFIX = "cdf_"
MINE, ALL = "mine", "all"
WHOSE = (MINE, ALL)
BEFORE, AFTER = timedelta(days=30), timedelta(days=365)
MOST = 2_000
MAX_FACT = 200
DEFAULT_LENGTH = timedelta(minutes=30)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
REFERENCES = frozenset({FieldType.REFERENCE, FieldType.USER})
NAME = Label("成单日历", "Chengdan")
Link = Callable[[str, UUID], str]


def make(unit: Unit, whose: str) -> str:
    """A new secret for the unit's user, who is told it once; the one before it opens nothing any more."""
    token, user = PREFIX + secrets.token_urlsafe(32), unit.principal.user
    unit.later(feeds.PUT, (user, hash_token(token), whose, unit.now))
    unit.record(Event(EventKind.TOKEN_CREATED, "user", user, {"feed": "calendar", "whose": whose}))
    return token


def revoke(unit: Unit) -> None:
    """Close the feed of the unit's user. Raises NotFound."""
    user = unit.principal.user
    if unit.execute(feeds.TAKE, (user,)).fetchone() is None:
        raise NotFound()
    unit.record(Event(EventKind.TOKEN_REVOKED, "user", user, {"feed": "calendar"}))


def opened(doorman: Doorman, token: str) -> tuple[Feed, Principal]:
    """The feed that a token opens, and whom it reads as. Raises NotFound for any other token, and for one who has left."""
    runtime = doorman.runtime
    with runtime.pool.connection() as connection:
        feed = feeds.read(connection, hash_token(token), runtime.clock()) if token else None
    if feed is None:
        raise NotFound()
    return feed, doorman.principal_of(feed.user)


def text(reader: Unit, whose: str, locale: Locale, link: Link) -> str:
    """The calendar views of the definitions as one calendar: from 30 days ago to a year ahead, at most 2,000 events."""
    events: list[CalendarEvent] = []
    for view in sorted(reader.snapshot.views.values(), key=lambda view: (view.order, view.name)):
        if view.kind == "calendar" and _may_see(reader, view):
            events.extend(_events(reader, view, whose, locale, link, MOST - len(events)))
    return calendar_text(NAME.text(locale), events)


def _may_see(reader: Unit, view: View) -> bool:
    """Whether nothing that the view is drawn from or filtered by is hidden from the reader."""
    access = reader.snapshot.access(reader.principal, view.object)
    if not access.may(Act.READ) or access.hidden & {*view.drawn_from}:
        return False
    try:
        viewer_filter(reader, reader.snapshot.objects[view.object], [view.filter] if view.filter else [])
    except UnknownField:
        return False
    return True


def _events(
    reader: Unit, view: View, whose: str, locale: Locale, link: Link, most: int
) -> Iterator[CalendarEvent]:
    item = reader.snapshot.objects[view.object]
    access = reader.snapshot.access(reader.principal, view.object)
    shown = [name for name in view.columns if name not in access.hidden and name != item.title]
    fields = tuple(
        name
        for name in dict.fromkeys((item.title, "updated_at", *view.drawn_from, *shown))
        if name not in access.hidden
    )
    query = ListQuery(
        object=view.object,
        view=view.name,
        filter=_within(item.by_name[view.start_field], reader.now, whose),
        sort=view.start_field,
        limit=MAX_LIMIT,
        fields=fields,
        expand=tuple(name for name in shown if item.by_name[name].type in REFERENCES),
    )
    for row in _rows(reader, query, most):
        if event := _event(item, view, row, shown, locale, link):
            yield event


def _rows(reader: Unit, query: ListQuery, most: int) -> Iterator[Mapping[str, Any]]:
    """At most `most` records, page by page."""
    left, cursor = most, ""
    while left > 0:
        page = list_records(reader, replace(query, limit=min(left, MAX_LIMIT), cursor=cursor))
        for found in page.items:
            yield orjson.loads(found)
        left -= len(page.items)
        if page.next_cursor is None:
            return
        cursor = page.next_cursor


def _within(start: Field, now: datetime, whose: str) -> str:
    """The condition for what starts in the stretch of time that a feed tells of; the same all day long."""
    first, last = f"{now - BEFORE:%Y-%m-%d}", f"{now + AFTER:%Y-%m-%d}"
    if start.type is FieldType.DATE:
        bounds = f'{start.name} >= date("{first}") and {start.name} <= date("{last}")'
    else:
        midnight = "T00:00:00+00:00"
        bounds = (
            f'{start.name} >= datetime("{first}{midnight}") and {start.name} < datetime("{last}{midnight}")'
        )
    return f"{bounds} and owner == me" if whose == MINE else bounds


def _event(
    item: Object, view: View, row: Mapping[str, Any], shown: list[str], locale: Locale, link: Link
) -> CalendarEvent | None:
    span = _span(item, view, row)
    if span is None:
        return None
    title = str(row.get(item.title) or item.label.text(locale))
    done = view.done_field and row.get(view.done_field) is True
    facts = (_fact(item.by_name[name], row.get(name), locale) for name in shown)
    url = link(view.object, UUID(row["id"]))
    return CalendarEvent(
        uid=f"{row['id']}.{view.name}@chengdan",
        summary=f"✓ {title}" if done else title,
        start=span[0],
        end=span[1],
        changed_at=datetime.fromisoformat(row["updated_at"]) if row.get("updated_at") else LONG_AGO,
        description="\n".join([*filter(None, facts), url]),
        url=url,
        category=item.label.text(locale),
    )


def _span(item: Object, view: View, row: Mapping[str, Any]) -> tuple[date, date] | None:
    start, end = row.get(view.start_field), row.get(view.end_field) if view.end_field else None
    if start is None:
        return None
    if item.by_name[view.start_field].type is FieldType.DATE:
        first = date.fromisoformat(start)
        last = max(first, date.fromisoformat(end)) if end else first
        return first, last + timedelta(days=1)
    begin = datetime.fromisoformat(start)
    if end and datetime.fromisoformat(end) > begin:
        return begin, datetime.fromisoformat(end)
    return begin, begin + (_length(item, view, row) or DEFAULT_LENGTH)


def _length(item: Object, view: View, row: Mapping[str, Any]) -> timedelta:
    value = row.get(view.duration_field) if view.duration_field else None
    if value is None or float(value) <= 0:
        return timedelta(0)
    if item.by_name[view.duration_field].type is FieldType.DURATION:
        return timedelta(seconds=float(value))
    return timedelta(minutes=float(value))


def _fact(field: Field, value: Any, locale: Locale) -> str:
    """A field and its value in words; nothing for what a line of text can't tell."""
    if isinstance(value, dict):
        value = value.get("label")
    if value is None or isinstance(value, (bool, list, dict)):
        return ""
    if field.type is FieldType.SELECT:
        value = next((o.label.text(locale) for o in field.options if o.value == value), value)
    return f"{field.label.text(locale)}: {str(value)[:MAX_FACT]}"
