"""Metrics give the figures that plain arithmetic gives, within the viewer's reach; what is not known is no nought."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from chengdan.kernel.access import Principal
from chengdan.kernel.record import UnknownField
from chengdan.run.errors import NoSuchMetric
from chengdan.run.metrics import MetricQuery, metrics, read_metric
from chengdan.run.read import BadQuery
from chengdan.store.metrics import subjects_statement
from chengdan.store.statement import render
from tests.databases import Databases
from tests.lab.lab import BOSS, FANG, HEAD, LIU, MING, Lab, open_lab
from tests.run.scored import METRICS, files

PER = tuple(name for name, written in METRICS.items() if "per: client" in written)


@pytest.fixture(scope="module")
def counted(
    databases: Databases, lab_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Lab]:
    """Clients a and b of Ming and c of Liu; jobs of 1, 5, 9 for a (one rushed, one not), of 4 for b, of 20 for c."""
    with databases.fresh(lab_database) as url, open_lab(url, tmp_path_factory.mktemp("counted")) as lab:
        lab.runtime.publish(files())
        a, b = (lab.create(MING, "client", name=name)["id"] for name in "ab")
        c = lab.create(LIU, "client", name="c")["id"]
        for who, client, value, urgent in (
            (MING, a, 1, True), (MING, a, 5, False), (MING, a, 9, None), (MING, b, 4, True), (LIU, c, 20, None),
        ):  # fmt: skip
            lab.create(who, "job", client=client, value=value, urgent=urgent, due_on="2026-01-31")
        yield lab


def figures(
    lab: Lab, *, later: timedelta = timedelta(minutes=1), ids: list[UUID] | None = None
) -> Mapping[str, Any]:
    """The figures of each client by its name."""
    snapshot = lab.runtime.snapshot
    context = lab.runtime.edition.context(lab.clock() + later, None)
    chosen = [snapshot.metrics[name] for name in PER]
    statement = render(subjects_statement(snapshot, "client", chosen, context, some=ids is not None))
    names = dict(lab.query("SELECT id, name FROM data.client"))
    with lab.runtime.pool.connection() as connection:
        sql, params = statement.bound(**({"ids": ids} if ids is not None else {}))
        rows = connection.run(sql, params).fetchall()
    return {names[id]: dict(zip(PER, values, strict=True)) for id, *values in rows}


def read(lab: Lab, who: Principal, name: str, **more: Any) -> list[Mapping[str, Any]]:
    with lab.runtime.reader(who) as reader:
        return list(read_metric(reader, MetricQuery(name, **more)))


def test_every_subject_has_its_figures(counted: Lab) -> None:
    found = figures(counted)

    assert {name: one["jobs_lately"] for name, one in found.items()} == {"a": 3, "b": 1, "c": 1}
    assert found["a"]["middle"] == 5
    assert found["a"]["rushed"] == 0.5
    assert found["a"]["quiet_days"] == pytest.approx(0, abs=0.01)


def test_too_few_records_and_too_young_subjects_are_unknown(counted: Lab) -> None:
    found = figures(counted)

    assert (found["b"]["middle"], found["b"]["rushed"], found["c"]["rushed"]) == (None, None, None)
    assert found["a"]["grown"] is None
    assert figures(counted, later=timedelta(days=3))["a"]["grown"] == 3


def test_records_leave_the_window_and_are_not_there_before_their_time(counted: Lab) -> None:
    later = figures(counted, later=timedelta(days=31))["a"]

    assert (later["jobs_lately"], later["middle"]) == (0, 5)
    assert later["quiet_days"] == pytest.approx(31, abs=0.01)
    assert figures(counted, later=-timedelta(hours=1)) == {}


def test_some_subjects_have_the_figures_that_they_have_among_all(counted: Lab) -> None:
    ids = [id for (id,) in counted.query("SELECT id FROM data.client WHERE name <> 'c'")]

    found = figures(counted, ids=ids)

    assert set(found) == {"a", "b"}
    assert [found["a"][name] for name in ("jobs_lately", "middle", "rushed")] == [3, 5, 0.5]


def test_archived_records_do_not_count(own_lab: Lab) -> None:
    own_lab.runtime.publish(files())
    client = own_lab.create(MING, "client")["id"]
    job = own_lab.create(MING, "job", client=client, value=3)
    assert figures(own_lab)["client of ming"]["jobs_lately"] == 1

    with own_lab.runtime.pool.connection() as connection:
        connection.execute("UPDATE data.job SET archived_at = now() WHERE id = %s", (job["id"],))

    assert figures(own_lab)["client of ming"]["jobs_lately"] == 0


def test_pace_is_what_the_stage_expects_until_enough_were_won(own_lab: Lab) -> None:
    own_lab.runtime.publish(files())
    client = own_lab.create(MING, "client")["id"]
    own_lab.create(MING, "job", client=client, value=3)
    assert figures(own_lab)["client of ming"]["slow"] is None

    with own_lab.runtime.pool.connection() as connection:
        connection.execute(
            "INSERT INTO chengdan.pace (object, stage, days, records) VALUES ('job', 'idea', 4, 30)"
        )

    found = figures(own_lab, later=timedelta(days=6))["client of ming"]
    assert found["slow"] == pytest.approx(1.5, abs=0.01)


def test_a_figure_is_over_what_the_viewer_reaches(counted: Lab) -> None:
    assert read(counted, MING, "worth") == [{"value": 19, "records": 4}]
    assert read(counted, BOSS, "worth") == [{"value": 39, "records": 5}]
    assert read(counted, HEAD, "worth", filter="value > 4") == [{"value": 14, "records": 2}]
    assert read(counted, LIU, "middle") == [{"value": None, "records": 1}]


def test_figures_come_by_group_and_period(counted: Lab) -> None:
    with counted.runtime.reader(BOSS) as reader:
        today = reader.now.astimezone(reader.sql_context.zone).date()

    found = read(counted, BOSS, "worth", group="owner", period="month")

    assert [(row["period"], row["label"], row["value"], row["records"]) for row in found] == [
        (today.replace(day=1), "liu", 20, 1),
        (today.replace(day=1), "ming", 19, 4),
    ]
    assert read(counted, BOSS, "worth", until=today) == [{"value": None, "records": 0}]


def test_a_metric_that_reads_what_is_hidden_is_not_there(counted: Lab) -> None:
    with counted.runtime.reader(FANG) as reader:
        assert "costs" not in {metric.name for metric in metrics(reader)}
    with pytest.raises(NoSuchMetric):
        read(counted, FANG, "costs")
    with pytest.raises(UnknownField):
        read(counted, FANG, "worth", filter="cost > 1")
    with pytest.raises(UnknownField):
        read(counted, FANG, "worth", group="cost")
    assert read(counted, BOSS, "costs") == [{"value": None, "records": 5}]


@pytest.mark.parametrize(
    ("name", "query", "path"),
    [
        ("worth", {"period": "fortnight"}, "period"),
        ("middle", {"period": "month"}, "period"),
        ("worth", {"group": "value"}, "group"),
        ("worth", {"limit": 0}, "limit"),
    ],
)
def test_says_what_is_wrong_with_a_query(counted: Lab, name: str, query: dict[str, Any], path: str) -> None:
    with pytest.raises(BadQuery) as refusal:
        read(counted, BOSS, name, **query)
    assert refusal.value.path == path
