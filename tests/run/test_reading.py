"""Reading: nobody sees a record or a field out of reach, by any path; and paging neither skips nor repeats."""

import base64
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import product
from typing import Any
from uuid import UUID

import pytest

from chengdan.base.errors import ChengdanError
from chengdan.base.ids import new_id
from chengdan.base.json import loads_exact
from chengdan.kernel.access import Principal
from chengdan.kernel.record import UnknownField
from chengdan.run import access, explain, read, uploads
from chengdan.run.commands import Archive, Create, Share, Update
from chengdan.run.errors import Forbidden, NoSuchObject, NotFound
from chengdan.run.read import BadQuery, ListQuery, Measure
from chengdan.run.timeline import timeline
from chengdan.store.connection import Connection
from chengdan.store.paging import BadCursor
from chengdan.store.unit import Unit
from tests.databases import Databases
from tests.lab.lab import AUDITOR, BOSS, EAST, EASTERNER, FANG, HEAD, KEEPER, LIU, MING, Lab, open_lab
from tests.lab.manifests import manifests

BLIND = """\
role: blind
label: {zh: 盲, en: Blind}
grants:
  - {object: client, read: [all], hidden: [name]}
  - {object: job, read: [all], hidden: [name, code]}
"""


@pytest.fixture(scope="module")
def seen(databases: Databases, lab_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A lab in which everybody has a client and a job; Ming's job is Liu's client's, which Ming may not see."""
    with databases.fresh(lab_database) as url, open_lab(url, tmp_path_factory.mktemp("seen")) as lab:
        lab.runtime.publish(manifests({"roles/blind.yaml": BLIND}))
        for person in (MING, FANG, LIU):
            client = lab.create(person, "client", name=f"{person.name}'s client")
            lab.create(person, "job", name=f"{person.name}'s job", value=10, client=str(client["id"]))
        lab.act(KEEPER, _update(lab, "client", "liu's client", {"credit": 900, "region": "east"}))
        lab.act(KEEPER, _update(lab, "client", "ming's client", {"credit": 5, "region": "south"}))
        lab.act(
            KEEPER,
            _update(lab, "job", "ming's job", {"client": str(_id(lab, "client", "liu's client")), "cost": 7}),
        )
        lab.act(
            KEEPER,
            _update(
                lab, "job", "fang's job", {"client": str(_id(lab, "client", "ming's client")), "cost": 1}
            ),
        )
        lab.create(MING, "part", name="ming's part", job=str(_id(lab, "job", "ming's job")))
        yield lab


def _id(lab: Lab, object: str, name: str) -> UUID:
    return UUID(next(row["id"] for row in lab.listed(KEEPER, object) if row["name"] == name))


def _update(lab: Lab, object: str, name: str, changes: dict[str, Any]) -> Any:
    return Update(object, (_id(lab, object, name)), None, changes)


# --- records


def test_each_sees_what_the_scopes_of_the_role_reach(seen: Lab) -> None:
    expected = {
        MING: ["fang's job", "ming's job"],
        FANG: ["fang's job", "ming's job"],
        LIU: ["liu's job"],
        HEAD: ["fang's job", "ming's job"],
        BOSS: ["fang's job", "liu's job", "ming's job"],
        AUDITOR: ["fang's job", "liu's job", "ming's job"],
        EASTERNER: ["liu's job", "ming's job"],
    }
    for person, names in expected.items():
        assert seen.names(person, "job", sort="name") == names
        assert seen.names(person, "job", sort="-name") == names[::-1]
        assert sorted(seen.names(person, "job")) == names
        with seen.runtime.reader(person) as reader:
            [(figure,)] = read.aggregate(reader, "job", [], [Measure("count"), Measure("sum", "value")]).rows
            total = Decimal(10 * len(names))
            assert loads_exact(figure) == {
                "count": len(names),
                "sum_value": total,
                "sum_value_by_currency": {"CNY": total},
            }


def test_amounts_of_several_currencies_are_never_one_figure(seen: Lab) -> None:
    rows = [("CNY", 3), ("CNY", 4), ("USD", 5), ("USD", None)]
    made = [
        seen.create(
            KEEPER, "job", name="mixed", value=amount and {"amount": amount, "currency": currency}, cost=1
        )
        for currency, amount in rows
    ]
    measures = [
        Measure("sum", "value"),
        Measure("avg", "value"),
        Measure("max", "value"),
        Measure("sum", "margin"),
        Measure("sum", "cost"),
        Measure("count"),
    ]

    def figures(filter: str, group_by: list[str]) -> list[Any]:
        with seen.runtime.reader(KEEPER) as reader:
            found = read.aggregate(reader, "job", group_by, measures, f'name == "mixed" and {filter}')
        return [loads_exact(text) for (text,) in found.rows]

    [mixed] = figures("value != null", ["stage"])
    assert mixed == {
        "stage": mixed["stage"],
        "sum_value": None,
        "sum_value_by_currency": {"CNY": Decimal(7), "USD": Decimal(5)},
        "avg_value": None,
        "avg_value_by_currency": {"CNY": Decimal("3.5000"), "USD": Decimal("5.0000")},
        "max_value": None,
        "max_value_by_currency": {"CNY": Decimal(4), "USD": Decimal(5)},
        "sum_margin": None,
        "sum_margin_by_currency": {"CNY": Decimal(5), "USD": Decimal(4)},
        "sum_cost": Decimal(3),
        "sum_cost_by_currency": {"CNY": Decimal(3)},
        "count": 3,
    }
    [dollars] = figures("value == 5", [])
    assert (dollars["sum_value"], dollars["sum_value_by_currency"]) == (5, {"USD": Decimal(5)})
    [none] = figures("value == 99", [])
    assert (none["count"], none["sum_value"], none["sum_value_by_currency"], none["avg_value"]) == (
        0,
        0,
        {},
        None,
    )
    [dearest, *_] = seen.listed(KEEPER, "job", 'name == "mixed" and value == 5')
    assert (dearest["margin"], dearest["margin_currency"]) == (4, "USD")
    for one in made:
        seen.act(KEEPER, Archive("job", one["id"]))


def test_a_shared_record_is_listed_once_beside_ones_own(seen: Lab) -> None:
    job = _id(seen, "job", "liu's job")
    seen.act(LIU, Share("job", job, MING.user))
    seen.act(LIU, Share("job", job, LIU.user))
    assert seen.names(MING, "job", sort="name") == ["fang's job", "liu's job", "ming's job"]
    assert seen.names(LIU, "job", sort="name") == ["liu's job"]
    seen.query("DELETE FROM chengdan.share RETURNING 1")


def test_an_archived_record_is_only_among_the_archived(seen: Lab) -> None:
    made = seen.create(MING, "part", name="old")
    seen.act(MING, Archive("part", made["id"]))
    assert seen.names(MING, "part") == ["ming's part"]
    assert seen.names(MING, "part", archived=True) == ["old"]
    assert seen.get(MING, "part", made["id"])["archived_at"] is not None


READS: list[Callable[[Unit, Any], Any]] = [
    lambda reader, id: read.get_record(reader, "job", id),
    lambda reader, id: explain.seen(reader, "job", id),
    lambda reader, id: explain.move_verdict(reader, "job", id, "build"),
    lambda reader, id: explain.pipeline_state(reader, "job", id),
    lambda reader, id: access.explain_access(reader, "job", id, MING),
    lambda reader, id: timeline(reader, "job", id),
    lambda reader, id: uploads.files_of(reader, "job", id),
]


@pytest.mark.parametrize(
    "path", READS, ids=["get", "seen", "gate", "pipeline", "access", "timeline", "files"]
)
def test_a_hidden_record_is_not_found_by_any_read(seen: Lab, path: Callable[[Unit, Any], Any]) -> None:
    for id in (_id(seen, "job", "liu's job"), new_id()):
        with pytest.raises(NotFound), seen.runtime.reader(MING) as reader:
            path(reader, id)
    with seen.runtime.reader(MING) as reader:
        path(reader, _id(seen, "job", "ming's job"))


def test_a_hidden_file_is_not_found(seen: Lab) -> None:
    file = seen.attach(LIU, "job", _id(seen, "job", "liu's job"), "plan")
    with seen.runtime.reader(LIU) as reader:
        assert uploads.find(reader, file).name == "plan.txt"
    for id in (file, seen.file(LIU), new_id()):
        with pytest.raises(NotFound), seen.runtime.reader(MING) as reader:
            uploads.find(reader, id)


def test_search_and_options_stay_within_reach(seen: Lab) -> None:
    with seen.runtime.reader(MING) as reader:
        assert {row["label"] for row in read.options(reader, "job")} == {"ming's job", "fang's job"}
        assert read.options(reader, "job", "liu") == []
        assert read.search(reader, "liu's") == []
        assert {row["object"] for row in read.search(reader, "ming's")} == {"client", "job"}


def test_an_object_without_a_grant_is_not_there(seen: Lab) -> None:
    for ask in (
        lambda reader: read.list_records(reader, ListQuery("part")),
        lambda reader: read.get_record(reader, "part", new_id()),
        lambda reader: read.aggregate(reader, "part", [], [Measure("count")]),
        lambda reader: read.options(reader, "part"),
    ):
        with pytest.raises(NoSuchObject), seen.runtime.reader(AUDITOR) as reader:
            ask(reader)


# --- relations


def test_a_filter_through_a_relation_reveals_nothing_hidden(seen: Lab) -> None:
    for text in (
        'client.name == "liu\'s client"',
        'client.region == "east"',
        "client.name != null",
        'client.jobs.count() >= 1 and client.region == "east"',
    ):
        assert "ming's job" not in seen.names(MING, "job", text)
    assert seen.names(KEEPER, "job", 'client.name == "liu\'s client"', sort="name") == [
        "liu's job",
        "ming's job",
    ]


def test_a_filter_over_children_counts_only_those_within_reach(seen: Lab) -> None:
    assert seen.names(BOSS, "client", "jobs.count() == 2") == ["liu's client"]
    assert seen.names(LIU, "client", "jobs.count() == 2") == []
    assert seen.names(LIU, "client", "jobs.count() == 1") == ["liu's client"]
    assert seen.names(LIU, "client", 'jobs.exists(j, j.name == "ming\'s job")') == []


def test_an_expanded_reference_to_a_hidden_record_has_no_label(seen: Lab) -> None:
    [job] = seen.listed(MING, "job", 'name == "ming\'s job"', expand=("client", "owner"))
    assert job["client"] == {"id": str(_id(seen, "client", "liu's client")), "label": None}
    assert job["owner"]["label"] == "ming"
    [job] = seen.listed(MING, "job", 'name == "fang\'s job"', expand=("client",))
    assert job["client"]["label"] == "ming's client"


def test_a_record_rule_may_look_through_a_relation(seen: Lab) -> None:
    assert seen.names(EASTERNER, "client") == ["liu's client"]
    made = seen.create(
        KEEPER, "job", name="secret", secret=True, client=str(_id(seen, "client", "liu's client"))
    )
    assert "secret" not in seen.names(EASTERNER, "job")
    with pytest.raises(NotFound):
        seen.get(EASTERNER, "job", made["id"])
    seen.act(KEEPER, Archive("job", made["id"]))


# --- fields


def test_a_hidden_field_is_nowhere_in_what_is_read(seen: Lab) -> None:
    hidden = {"cost", "cost_currency", "margin"}
    for row in (*seen.listed(MING, "job"), seen.get(MING, "job", _id(seen, "job", "ming's job"))):
        assert hidden.isdisjoint(row)
    assert hidden <= seen.listed(KEEPER, "job")[0].keys()
    with seen.runtime.reader(MING) as reader:
        events = timeline(reader, "job", _id(seen, "job", "ming's job"))["items"]
    shown = {change["field"] for event in events for change in event["changes"]}
    assert "client" in shown
    assert hidden.isdisjoint(shown)


REQUESTS: dict[str, Callable[[Unit, str], Any]] = {
    "fields": lambda reader, name: read.list_records(reader, ListQuery("job", fields=(name,))),
    "sort": lambda reader, name: read.list_records(reader, ListQuery("job", sort=name)),
    "sort down": lambda reader, name: read.list_records(reader, ListQuery("job", sort=f"name,-{name}")),
    "filter": lambda reader, name: read.list_records(reader, ListQuery("job", filter=f"{name} > 5")),
    "filter null": lambda reader, name: read.list_records(reader, ListQuery("job", filter=f"{name} == null")),
    "filter by label": lambda reader, name: read.list_records(reader, ListQuery("job", filter={"cost": "成本 > 5", "margin": "毛利 > 5"}[name])),
    "filter in a list": lambda reader, name: read.list_records(reader, ListQuery("client", filter=f"jobs.exists(j, j.{name} > 5)")),
    "filter summed": lambda reader, name: read.list_records(reader, ListQuery("client", filter=f"jobs.sum(j, j.{name}) > 5")),
    "filter through a reference": lambda reader, name: read.list_records(reader, ListQuery("part", filter=f"job.{name} > 5")),
    "group by": lambda reader, name: read.aggregate(reader, "job", [name], [Measure("count")]),
    "measure": lambda reader, name: read.aggregate(reader, "job", [], [Measure("sum", name)]),
    "aggregate filter": lambda reader, name: read.aggregate(reader, "job", [], [Measure("count")], f"{name} > 5"),
}  # fmt: skip


@pytest.mark.parametrize(("path", "name"), list(product(REQUESTS, ["cost", "margin"])))
def test_a_hidden_field_cannot_be_asked_about(seen: Lab, path: str, name: str) -> None:
    with pytest.raises(UnknownField) as refusal, seen.runtime.reader(MING) as reader:
        REQUESTS[path](reader, name)
    assert refusal.value.code == "VALUE-003"
    assert name not in refusal.value.hint("en")


def test_hidden_and_absent_fields_are_refused_in_the_same_words(seen: Lab) -> None:
    said = []
    for name in ("credit", "nothing"):
        with pytest.raises(UnknownField) as refusal, seen.runtime.reader(MING) as reader:
            read.list_records(reader, ListQuery("client", sort=name))
        said.append(refusal.value.message("en").replace(name, "X"))
    assert said[0] == said[1]


def test_a_field_hidden_on_the_other_object_cannot_be_asked_about(seen: Lab) -> None:
    for text in ("client.credit > 100", "client.parent.credit > 1", "not (client.credit == null)"):
        with pytest.raises(UnknownField), seen.runtime.reader(MING) as reader:
            read.list_records(reader, ListQuery("job", filter=text))
        with pytest.raises(UnknownField), seen.runtime.reader(MING) as reader:
            read.aggregate(reader, "job", [], [Measure("count")], text)


def test_a_hidden_title_is_no_label(seen: Lab) -> None:
    blind = type(MING)(MING.user, "blind", frozenset({"blind"}))
    rows = seen.listed(blind, "job", expand=("client",))
    assert {row["client"]["label"] for row in rows} == {None}
    with seen.runtime.reader(blind) as reader:
        assert read.options(reader, "client") == []
        assert read.search(reader, "ming") == []
        assert read.list_records(reader, ListQuery("job", q="ming")).items == []


# --- queries that cannot be answered


@pytest.mark.parametrize(
    "query",
    [
        ListQuery("job", limit=0),
        ListQuery("job", limit=201),
        ListQuery("job", view="nothing"),
        ListQuery("client", view="job_mine"),
        ListQuery("job", sort="scan"),
        ListQuery("job", sort="double"),
        ListQuery("job", sort="name,value,due_on,code,number"),
        ListQuery("job", filter="value >"),
        ListQuery("job", filter="value"),
        ListQuery("job", filter="old.value > 1"),
        ListQuery("job", filter='name == "x" or'),
        ListQuery("job", fields=("nothing",)),
        ListQuery("job", expand=("nothing",)),
        ListQuery("job", expand=("name",)),
    ],
)
def test_a_query_that_cannot_be_answered_is_refused(seen: Lab, query: ListQuery) -> None:
    with pytest.raises(ChengdanError) as refusal, seen.runtime.reader(KEEPER) as reader:
        read.list_records(reader, query)
    assert refusal.value.status == 422


@pytest.mark.parametrize(
    ("group_by", "measures"),
    [
        ([], []),
        (["scan"], [Measure("count")]),
        ([], [Measure("median", "value")]),
        ([], [Measure("sum")]),
        ([], [Measure("count", "value")]),
        ([], [Measure("sum", "name")]),
        (["name"] * 5, [Measure("count")]),
    ],
)
def test_figures_that_make_no_sense_are_refused(
    seen: Lab, group_by: list[str], measures: list[Measure]
) -> None:
    with pytest.raises(BadQuery), seen.runtime.reader(KEEPER) as reader:
        read.aggregate(reader, "job", group_by, measures)


def test_a_view_narrows_sorts_and_adds_to_the_callers_filter(seen: Lab) -> None:
    seen.create(MING, "job", name="small", value=1)
    assert seen.names(MING, "job", view="job_mine") == ["ming's job", "small"]
    assert seen.names(MING, "job", "value < 5", view="job_mine") == ["small"]
    assert seen.names(FANG, "job", view="job_mine") == ["fang's job"]
    seen.act(KEEPER, Archive("job", (_id(seen, "job", "small"))))


def test_a_filter_cannot_break_out_of_its_view(seen: Lab) -> None:
    with pytest.raises(ChengdanError), seen.runtime.reader(MING) as reader:
        read.list_records(reader, ListQuery("job", view="job_mine", filter="true) or (true"))


# --- the moment and the place


CLOCKED = """\
role: clocked
label: {zh: 时, en: Clocked}
grants:
  - {object: client, read: [all]}
  - {object: job, read: [all], update: [all], create: [all], where: 'due_on > today() and (helper == null or helper == me)'}
"""


def test_a_record_rule_reads_the_clock_and_the_viewer_each_time(own_lab: Lab) -> None:
    own_lab.runtime.publish(manifests({"roles/clocked.yaml": CLOCKED}))
    one, two = (Principal(person.user, person.name, frozenset({"clocked"})) for person in (MING, LIU))
    made = own_lab.create(KEEPER, "job", name="due", helper=str(MING.user))
    assert (own_lab.names(one, "job"), own_lab.names(two, "job")) == (["due"], [])
    own_lab.act(one, Update("job", made["id"], None, {"value": 1}))
    own_lab.refused(NotFound, two, Update("job", made["id"], None, {"value": 2}))
    own_lab.clock.ahead = timedelta(days=8)
    assert own_lab.names(one, "job") == []
    own_lab.refused(NotFound, one, Update("job", made["id"], None, {"value": 3}))
    own_lab.refused(Forbidden, one, Create("job", {"name": "x", "due_on": "2020-01-01"}))


def test_today_is_that_of_the_viewers_place(own_lab: Lab) -> None:
    """Kiritimati is 25 hours ahead of Pago Pago: a day later at least."""
    east, west = (
        Principal(MING.user, "ming", MING.roles, MING.teams, MING.team_tree, time_zone=zone)
        for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago")
    )
    for person in (east, west):
        own_lab.act(person, Create("job", {"name": person.time_zone}))
    [(first,), (second,)] = own_lab.query("SELECT due_on FROM data.job ORDER BY due_on")
    assert timedelta(days=1) <= second - first <= timedelta(days=2)
    for person in (east, west):
        assert own_lab.names(person, "job", "due_on == today() + 7d") == [person.time_zone]


# --- paging


@pytest.fixture(scope="module")
def paged(databases: Databases, lab_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """Forty jobs with many equal, empty and very large values."""
    with databases.fresh(lab_database) as url, open_lab(url, tmp_path_factory.mktemp("paged")) as lab:
        for number in range(40):
            values: dict[str, Any] = {"name": f"j{number % 7}"}
            if number % 3:
                values["value"] = ["0", "12345678901234567.89", "12345678901234567.88", "0.01"][number % 4]
            if number % 5:
                values["due_on"] = f"2026-0{1 + number % 4}-01"
            values["urgent"] = [None, True, False][number % 3]
            values["helper"] = str((MING, FANG, LIU)[number % 3].user)
            lab.create((MING, FANG)[number % 2], "job", **values)
        yield lab


def _pages(lab: Lab, who: Any, sort: str, limit: int, **more: Any) -> list[str]:
    found: list[str] = []
    cursor = ""
    while len(found) <= 40:
        with lab.runtime.reader(who) as reader:
            page = read.list_records(
                reader, ListQuery("job", sort=sort, limit=limit, cursor=cursor, fields=("name",), **more)
            )
        found += [loads_exact(item)["id"] for item in page.items]
        if page.next_cursor is None:
            return found
        cursor = page.next_cursor
    return found


@pytest.mark.parametrize("who", [KEEPER, MING, HEAD], ids=["all", "own and team", "team tree"])
@pytest.mark.parametrize(
    "sort",
    ["", "id", "-id", "name", "-name", "value", "-value", "due_on,-value", "-due_on,name,value", "urgent", "-urgent",
     "stage,value", "created_at", "-created_at", "helper,-name", "-number", "updated_at,id,name"],
)  # fmt: skip
def test_pages_neither_skip_nor_repeat(paged: Lab, who: Any, sort: str) -> None:
    whole = [row["id"] for row in paged.listed(who, "job", sort=sort, limit=200)]
    assert len(whole) == len(set(whole)) == 40
    assert _pages(paged, who, sort, 7) == whole


def test_pages_of_one_row_each_go_through_all(paged: Lab) -> None:
    whole = [row["id"] for row in paged.listed(MING, "job", sort="-due_on,value", limit=200)]
    assert _pages(paged, MING, "-due_on,value", 1) == whole


def test_pages_of_a_filtered_list_go_on_in_the_filter(paged: Lab) -> None:
    whole = [row["id"] for row in paged.listed(MING, "job", "value > 0", sort="-value", limit=200)]
    assert 10 < len(whole) < 40
    assert _pages(paged, MING, "-value", 4, filter="value > 0") == whole


@pytest.mark.parametrize("spanned", [3, 24], ids=["few", "many"])
def test_the_plan_of_a_list_does_not_hang_on_how_many_teams_the_viewer_has(
    own_lab: Lab, spanned: int
) -> None:
    """PostgreSQL plans five times to compare; a plan for the viewer's own teams would look better each time anew."""
    teams = [EAST, *(UUID(int=number) for number in range(1, spanned))]
    viewer = replace(HEAD, teams=(EAST,), team_tree=tuple(teams))
    own_lab.create(MING, "job")
    own_lab.query(
        "INSERT INTO data.job SELECT (j).* FROM (SELECT jsonb_populate_record(job, jsonb_build_object("
        "'id', uuidv7(), 'team', (%s::uuid[])[1 + n %% 240], 'number', n, 'code', n)) AS j "
        "FROM data.job, generate_series(1, 20000) n) RETURNING 1",
        [UUID(int=number) for number in range(1, 241)],
    )
    with Connection.connect(own_lab.runtime.url, autocommit=True) as connection:
        connection.execute("ANALYZE data.job")
        for _ in range(20):
            with own_lab.runtime.reading(connection, viewer) as reader:
                read.list_records(reader, ListQuery("job", fields=("name",)))
        [(generic, custom)] = connection.execute(
            "SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE statement LIKE '%row_to_json%'"
        ).fetchall()
    assert custom <= 5 < generic


@pytest.mark.parametrize(
    "cursor",
    ["x", "é", "====", "bnVsbA", "W10", base64.urlsafe_b64encode(b"[null]").decode(), base64.urlsafe_b64encode(b'["a","b"]').decode(),
     base64.urlsafe_b64encode(b"[[1]]").decode(), base64.urlsafe_b64encode(b'[{"a":1}]').decode(), "\x00", "W" * 5000],
)  # fmt: skip
@pytest.mark.parametrize("sort", ["", "name", "-value", "due_on", "created_at", "urgent", "helper"])
def test_a_cursor_that_was_not_given_out_is_refused(paged: Lab, sort: str, cursor: str) -> None:
    with pytest.raises(BadCursor), paged.runtime.reader(KEEPER) as reader:
        read.list_records(reader, ListQuery("job", sort=sort, cursor=cursor))
