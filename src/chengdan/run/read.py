"""Reading: lists, single records, figures and searches, each within the viewer's reach, each one query."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import orjson

from chengdan.base.errors import ChengdanError
from chengdan.base.label import Label
from chengdan.expr import Expression, Kind, Needs, check
from chengdan.kernel.access import Act, ObjectAccess
from chengdan.kernel.field import SORTABLE, Field, FieldType
from chengdan.kernel.object import Object
from chengdan.kernel.reading import suggest
from chengdan.kernel.record import UnknownField
from chengdan.run.errors import NotFound
from chengdan.run.holding import object_of
from chengdan.store.answers import Answer
from chengdan.store.connection import Rows
from chengdan.store.figures import Measured, aggregate_statement
from chengdan.store.paging import SortKey, read_cursor, write_cursor
from chengdan.store.query import (
    ListShape,
    TeamCount,
    Viewing,
    given_names,
    list_statement,
    one_statement,
    options_statement,
    several_statement,
)
from chengdan.store.searching import Searched, pattern_of
from chengdan.store.statement import Statement, render
from chengdan.store.unit import Sighting, Unit
from chengdan.store.visibility import id_array, scope_params

DEFAULT_LIMIT = 50
MAX_LIMIT = 200
MAX_ROWS = 1_000
MAX_SORTS = 4
MEASURES = ("count", "sum", "avg", "min", "max")
_ID = SortKey("id", None, descending=True)


class BadQuery(ChengdanError):
    """A list that is asked for in a way that cannot be answered."""

    code = "QUERY-002"
    status = 422
    zh = "{what}"
    en = "{what}"


def bad_query(path: str, zh: str, en: str) -> BadQuery:
    return BadQuery(path=path, what=Label(zh, en))


@dataclass(frozen=True, slots=True)
class ListQuery:
    """A list as a caller asks for it. `filter` is an expression; `sort` fields with `-` for descending."""

    object: str
    filter: str = ""
    q: str = ""
    sort: str = ""
    limit: int = DEFAULT_LIMIT
    cursor: str = ""
    fields: tuple[str, ...] = ()
    expand: tuple[str, ...] = ()
    view: str = ""
    archived: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Records as JSON texts, and the cursor of the next page if there is one."""

    items: Sequence[str]
    next_cursor: str | None


def list_records(reader: Unit, query: ListQuery) -> Page:
    """One page. Raises NoSuchObject, BadQuery, BadCursor, UnknownField, ExpressionError."""
    item, access = object_of(reader, query.object)
    view = reader.snapshot.views.get(query.view) if query.view else None
    if query.view and (view is None or view.object != item.name):
        raise bad_query("view", f"没有视图“{query.view}”", f"there is no view `{query.view}`")
    texts = [text for text in (view.filter if view else "", query.filter) if text.strip()]
    sort = sort_keys(item, access, query.sort or (view.sort if view else ""))
    if not 1 <= query.limit <= MAX_LIMIT:
        raise bad_query("limit", f"limit 应为 1–{MAX_LIMIT}", f"limit must be 1–{MAX_LIMIT}")
    shape = ListShape(
        object=item.name,
        filter=viewer_filter(reader, item, texts),
        sort=sort,
        fields=visible_fields(item, access, query.fields),
        expand=expanded(item, access, query.expand),
        archived=query.archived,
        searched=Searched.of(query.q),
        limit=query.limit,
        cursor=tuple(read_cursor(sort, query.cursor)) if query.cursor else None,
        teams=TeamCount.of(reader.principal),
    )
    statement = _list_statement(reader, shape, texts)
    sql, params = statement.bound(**scope_params(reader.principal), pattern=pattern_of(query.q))
    rows = reader.execute(sql, params).fetchall()
    more = len(rows) > query.limit
    rows = rows[: query.limit]
    if item.sensitive and not set(item.sensitive).isdisjoint(shape.fields):
        ids = tuple(_id_of(row[0]) for row in rows)
        reader.work.sightings.append(Sighting(item.name, reader.work.reading, ids))
    return Page([row[0] for row in rows], write_cursor(rows[-1][1:]) if more else None)


def _id_of(text: str) -> UUID:
    """The id of a record from its JSON text, which begins with it."""
    return UUID(text[7:43])


def list_ids(reader: Unit, query: ListQuery) -> tuple[list[UUID], str | None]:
    """The ids of one page and the cursor of the next."""
    page = list_records(reader, replace(query, fields=("created_at",)))
    return [UUID(orjson.loads(text)["id"]) for text in page.items], page.next_cursor


def _list_statement(reader: Unit, shape: ListShape, texts: Sequence[str]) -> Statement:
    """The statement of a list: kept, unless it starts in the middle."""
    if shape.cursor is not None:
        return render(list_statement(viewing(reader), shape))
    key = ("list", shape.object, tuple(texts), shape.sort, shape.fields, shape.expand, shape.archived, shape.searched, shape.limit, shape.teams, *circumstances(reader, shape.object, shape.filter))  # fmt: skip
    return reader.edition.statements.get(key) or reader.edition.statements.put(
        key, render(list_statement(viewing(reader), shape))
    )


def circumstances(reader: Unit, object: str, filter: Expression | None) -> tuple[Any, ...]:
    """What a statement's text holds of the viewer and the moment: the roles, and as far as they are read, user and time."""
    given = _given(reader, object)
    if filter is not None:
        given |= given_names(filter)
    today = reader.now.astimezone(reader.sql_context.zone).date() if "today" in given else None
    return (
        reader.principal.roles,
        reader.principal.user if "me" in given else None,
        reader.now if "now" in given else today,
        reader.principal.time_zone,
    )


def _given(reader: Unit, object: str) -> frozenset[str]:
    """What the object's formulas and the record rules of the viewer's roles read of `now`, `today` and `me`."""
    key = (object, reader.principal.roles)
    found = reader.edition.given.get(key)
    if found is None:
        snapshot = reader.snapshot
        texts = [(object, field.formula) for field in snapshot.objects[object].fields if field.formula]
        for name in reader.principal.roles & snapshot.roles.keys():
            texts.extend((grant.object, grant.where) for grant in snapshot.roles[name].grants if grant.where)
        read = [given_names(snapshot.compiled(of, text).expression) for of, text in texts]
        found = reader.edition.given.setdefault(key, frozenset().union(*read))
    return found


def viewing(reader: Unit) -> Viewing:
    """The viewer's way of reading in this unit."""
    return Viewing(reader.edition, reader.principal, reader.sql_context)


def viewer_filter(reader: Unit, item: Object, texts: Sequence[str]) -> Expression | None:
    """The conjunction of filter texts, checked, reading only what the viewer may read. Raises ExpressionError, UnknownField."""
    if not texts:
        return None
    for part in texts if len(texts) > 1 else ():
        check(part, reader.snapshot, item.name, expect=Kind.BOOLEAN)
    text = texts[0] if len(texts) == 1 else " and ".join(f"({part})" for part in texts)
    expression = check(text, reader.snapshot, item.name, expect=Kind.BOOLEAN)
    require_readable(reader, item.name, expression.needs())
    return expression


def require_readable(reader: Unit, object: str, needs: Needs) -> None:
    """Raises UnknownField where an expression over `object` reads what the viewer may not."""
    _readable(reader, object, needs.record)
    for path, names in needs.references.items():
        _readable(reader, needs.objects[path], names)
    for need in needs.lists.values():
        _readable(reader, need.object, need.fields | {need.via})


def _readable(reader: Unit, object: str, names: frozenset[str]) -> None:
    access = reader.snapshot.access(reader.principal, object)
    hidden = names & access.hidden
    if hidden or not access.may(Act.READ):
        name = next(iter(sorted(hidden or names)), object)
        raise UnknownField(path="filter", name=name, suggestion="")


def visible_fields(item: Object, access: ObjectAccess, wanted: Sequence[str]) -> tuple[str, ...]:
    """The fields of a record to read: those wanted, or all; hidden ones are unknown. Raises UnknownField."""
    visible = [name for name in item.by_name if name not in access.hidden]
    for name in wanted:
        if name not in visible and name not in ("id", "version"):
            raise UnknownField(path="fields", name=name, suggestion=Label(*suggest(name, visible)))
    return tuple(name for name in visible if not wanted or name in wanted)


def expanded(item: Object, access: ObjectAccess, wanted: Sequence[str]) -> frozenset[str]:
    """The references to show with a label. Raises UnknownField for one that isn't there, is hidden or refers to nothing."""
    references = [name for name, field in item.by_name.items() if field.object and name not in access.hidden]
    for name in wanted:
        if name not in references:
            raise UnknownField(path="expand", name=name, suggestion=Label(*suggest(name, references)))
    return frozenset(wanted)


def sort_keys(item: Object, access: ObjectAccess, text: str) -> tuple[SortKey, ...]:
    """The order that `text` asks for, ended by the id so that it is unique. Raises UnknownField, BadQuery."""
    keys: list[SortKey] = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        name = part.lstrip("-")
        field = readable_field(item, access, name, "sort") if name != "id" else None
        if field is not None and field.type not in SORTABLE:
            raise bad_query("sort", f"不能按“{field.label.zh}”排序", f"{field.label.en} can't be sorted by")
        keys.append(SortKey(name, field, part.startswith("-")))
    if len(keys) > MAX_SORTS:
        raise bad_query("sort", f"最多按 {MAX_SORTS} 个字段排序", f"sort by at most {MAX_SORTS} fields")
    if any(key.field is None for key in keys):
        return tuple(keys[: next(i for i, key in enumerate(keys) if key.field is None) + 1])
    return (*keys, SortKey("id", None, keys[0].descending if keys else True))


def readable_field(item: Object, access: ObjectAccess, name: str, path: str) -> Field:
    """The field `name`, if the viewer may read it. Raises UnknownField with `path`."""
    field = item.field(name)
    if field is None or name in access.hidden:
        known = [known for known in item.by_name if known not in access.hidden]
        raise UnknownField(path=path, name=name, suggestion=Label(*suggest(name, known)))
    return field


@dataclass(frozen=True, slots=True)
class Question:
    """What one statement answers, and the text that its rows make. `text` raises NotFound."""

    statement: bytes
    params: Sequence[Any]
    text: Callable[[Rows], str]


def get_record(reader: Unit, object: str, id: UUID, expand: Sequence[str] = ()) -> str:
    """One record as JSON text, archived ones included. Raises NotFound."""
    question = ask_record(reader, object, id, expand)
    return question.text(reader.connection.run(question.statement, question.params))


def ask_record(
    reader: Unit, object: str, id: UUID, expand: Sequence[str] = (), *, able: bool = False
) -> Question:
    """The question that `get_record` answers; nothing is waited for. Raises NoSuchObject, UnknownField.

    `able`: the record says as well what the viewer may do to it.
    """
    item, access = object_of(reader, object)
    key = ("one", object, able, *expand, *circumstances(reader, object, None))
    statement = reader.edition.statements.get(key)
    if statement is None:
        fields, references = visible_fields(item, access, ()), expanded(item, access, expand)
        query = one_statement(viewing(reader), object, fields, references, able=able)
        statement = reader.edition.statements.put(key, render(query))

    def text(rows: Rows) -> str:
        row = rows.fetchone()
        if row is None:
            raise NotFound()
        if item.sensitive and not access.hidden.issuperset(item.sensitive):
            reader.work.sightings.append(Sighting(object, "record", (id,)))
        return str(row[0])

    return Question(*statement.bound(**scope_params(reader.principal), id=id), text)


def get_records(
    reader: Unit, object: str, ids: Sequence[UUID], fields: Sequence[str], expand: Sequence[str]
) -> list[str]:
    """Those of several records that the viewer sees, as JSON texts in no order; archived ones are left out."""
    item, access = object_of(reader, object)
    key = ("several", object, *fields, "/", *expand, *circumstances(reader, object, None))
    statement = reader.edition.statements.get(key)
    if statement is None:
        shown, references = visible_fields(item, access, fields), expanded(item, access, expand)
        query = several_statement(viewing(reader), object, shown, references)
        statement = reader.edition.statements.put(key, render(query))
    sql, params = statement.bound(**scope_params(reader.principal), ids=id_array(tuple(ids)))
    return [row[0] for row in reader.execute(sql, params).fetchall()]


def references(reader: Unit, object: str) -> tuple[str, ...]:
    """The fields of an object that `expand` names by label, as far as the viewer may read them."""
    item, access = object_of(reader, object)
    kinds = (FieldType.REFERENCE, FieldType.USER)
    return tuple(
        name for name, field in item.by_name.items() if field.type in kinds and name not in access.hidden
    )


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure to work out: `count`, or `sum`, `avg`, `min`, `max` of a field."""

    function: str
    field: str = ""

    @property
    def name(self) -> str:
        return f"{self.function}_{self.field}" if self.field else self.function


def aggregate(
    reader: Unit,
    object: str,
    group_by: Sequence[str],
    measures: Sequence[Measure],
    filter: str = "",
    view: str = "",
    limit: int = MAX_ROWS,
    *,
    q: str = "",
    archived: bool = False,
) -> Answer:
    """Figures per group over the records that the viewer may see, a JSON text each. Raises BadQuery, UnknownField.

    A figure of money has `<name>_by_currency` beside it, and is null where there are several currencies.
    `q` narrows them as it narrows a list. They are as of the last full minute, as far as they hang on the clock.
    """
    reader = replace(reader, now=reader.now.replace(second=0, microsecond=0))
    item, access = object_of(reader, object)
    for name in group_by:
        if readable_field(item, access, name, "group_by").type not in SORTABLE:
            raise bad_query("group_by", f"不能按“{name}”分组", f"`{name}` can't be grouped by")
    for measure in measures:
        if measure.function not in MEASURES or bool(measure.field) is (measure.function == "count"):
            raise bad_query("measures", "指标不对", "a measure is not valid")
        if measure.field and not _measurable(
            readable_field(item, access, measure.field, "measures"), measure.function
        ):
            raise bad_query(
                "measures",
                f"“{measure.field}”不能做 {measure.function}",
                f"`{measure.field}` has no {measure.function}",
            )
    if not measures or len(measures) > 10 or len(group_by) > 4 or not 1 <= limit <= MAX_ROWS:
        raise bad_query("measures", "指标 1–10 个，分组至多 4 个", "1–10 measures, at most 4 groups")
    chosen = reader.snapshot.views.get(view) if view else None
    texts = [text for text in (chosen.filter if chosen else "", filter) if text.strip()]
    figures = [Measured(measure.name, measure.function, measure.field) for measure in measures]
    expression = viewer_filter(reader, item, texts)
    made = aggregate_statement(viewing(reader), object, group_by, figures, expression, limit, archived=archived, searched=Searched.of(q))  # fmt: skip
    sql, params = render(made).bound(**scope_params(reader.principal), pattern=pattern_of(q))
    return reader.figures(sql, params)


def _measurable(field: Field, function: str) -> bool:
    kind = field.expression_type()
    if kind is None:
        return False
    return kind.kind is Kind.NUMBER or (
        function in ("min", "max") and kind.kind in (Kind.DATE, Kind.DATETIME, Kind.TEXT)
    )


def options(reader: Unit, object: str, q: str = "", limit: int = 20) -> list[dict[str, Any]]:
    """Records to pick from, newest first: id and label."""
    item, access = object_of(reader, object)
    if item.title in access.hidden or item.by_name[item.title].type is FieldType.FORMULA:
        return []
    statement = render(options_statement(viewing(reader), object, Searched.of(q), min(limit, MAX_LIMIT)))
    sql, params = statement.bound(**scope_params(reader.principal), pattern=pattern_of(q))
    return [{"id": id, "label": label} for id, label in reader.execute(sql, params).fetchall()]


def search(reader: Unit, q: str, limit: int = 8) -> list[dict[str, Any]]:
    """Records of every searchable object whose search fields hold `q`, a few of each."""
    found: list[dict[str, Any]] = []
    if not q.strip():
        return found
    for item in reader.snapshot.objects.values():
        if item.search and reader.snapshot.access(reader.principal, item.name).may(Act.READ):
            found.extend({"object": item.name, **option} for option in options(reader, item.name, q, limit))
    return found
