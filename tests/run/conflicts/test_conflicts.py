"""Conflicts from what causes them to what settles them, over the lab's clients and jobs."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from time import sleep
from typing import Any
from uuid import UUID, uuid4

import pytest

from chengdan.kernel.access import Principal
from chengdan.run.action import apply
from chengdan.run.commands import Archive, Create, Merge, Settle, Share
from chengdan.run.conflicts import watching
from chengdan.run.conflicts.finding import stem
from chengdan.run.conflicts.reading import Sought, list_conflicts, of_record
from chengdan.run.conflicts.settling import ReasonMissing, ReceiverMissing, UnknownSettlement
from chengdan.run.conflicts.telling import MOST_TOLD
from chengdan.run.duplicates import duplicates
from chengdan.run.errors import NotFound, NotPermitted
from chengdan.store import conflicts as statements_of
from chengdan.store import likenesses
from chengdan.store.statement import render
from tests.databases import Databases
from tests.lab.lab import BOSS, EAST, FANG, HEAD, LIU, MING, Lab, build_lab, open_lab
from tests.lab.manifests import manifests
from tests.run.test_query_counts import statements

CONTESTED = """\
conflict: contested
label: {zh: 撞单, en: Contested}
kind: people
object: client
of: jobs
roles: [maker]
days: 14
"""
TWICE = """\
conflict: twice
label: {zh: 重复, en: Twice}
kind: twins
object: client
fields: [name]
like: company
"""
PLANS = """\
conflict: plans
label: {zh: 计划不一致, en: Differing plans}
kind: files
object: client
of: jobs
file_kinds: [plan]
"""
Shown = dict[str, Any]


def defined() -> dict[str, str]:
    files = manifests({f"conflicts/{name}.yaml": text for name, text in (("contested", CONTESTED), ("twice", TWICE), ("plans", PLANS))})  # fmt: skip
    head = files["roles/head.yaml"]
    assert "permissions: [" in head
    files["roles/head.yaml"] = head.replace("permissions: [", "permissions: [conflicts, ")
    return files


@pytest.fixture(scope="module")
def lab(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    home: Path = tmp_path_factory.mktemp("conflicts")
    with databases.fresh() as url:
        build_lab(url, home, defined())
        with open_lab(url, home) as lab:
            with lab.runtime.pool.connection() as connection:
                for who in (MING, FANG, LIU, HEAD, BOSS):
                    given = (sorted(who.roles), who.user)
                    connection.execute('UPDATE data."user" SET roles = %s WHERE id = %s', given)
            watching.follow(lab.runtime)
            yield lab


@pytest.fixture(autouse=True)
def clean(lab: Lab) -> None:
    empty(lab)


def empty(lab: Lab) -> None:
    lab.empty("client", "job")
    with lab.runtime.pool.connection() as connection:
        connection.execute("TRUNCATE chengdan.conflict, chengdan.likeness")


def watch(lab: Lab) -> None:
    """Let the watch catch up: it reads what no running transaction of the cluster can precede."""
    for _ in range(200):
        watching.follow(lab.runtime)
        [(behind,)] = lab.query("SELECT max(e.xid) >= max(r.xid) FROM chengdan.event e, chengdan.reading r")
        if not behind:
            return
        sleep(0.05)
    raise AssertionError("the watch doesn't catch up")


def shown(lab: Lab, who: Principal, id: UUID) -> list[Shown]:
    with lab.runtime.reader(who) as reader:
        return of_record(reader, "client", id)


def states(lab: Lab) -> list[tuple[str, str]]:
    return [
        (state, how)
        for state, how in lab.query("SELECT state, how FROM chengdan.conflict ORDER BY found_at, id")
    ]


def contest(lab: Lab) -> UUID:
    """A client of Ming's on which Fang has a job too."""
    id: UUID = lab.create(HEAD, "client", name="普渡科技", owner=str(MING.user), team=str(EAST))["id"]
    for who in (MING, FANG):
        lab.create(who, "job", client=str(id))
    watch(lab)
    return id


def test_two_people_on_one_record_are_shown_and_told_at_once(lab: Lab) -> None:
    id = contest(lab)
    [found] = shown(lab, MING, id)
    assert (found["conflict"], found["kind"], found["days"]) == ("contested", "people", 14)
    assert [person["label"] for person in found["people"]] == ["fang", "ming"]
    assert [fact["user"]["label"] for fact in found["facts"]] == ["fang", "ming"]
    told = "撞单：普渡科技（fang、ming）"
    assert [lab.notifications(who) for who in (MING, FANG, HEAD, LIU)] == [[told], [told], [told], []]
    assert lab.kinds(id)[-1] == "person.notified"
    assert "conflict.found" in lab.kinds(id)


def test_it_is_told_once_and_a_third_one_alone_is_news(lab: Lab) -> None:
    id = contest(lab)
    lab.create(FANG, "job", client=str(id))
    watch(lab)
    assert len(lab.notifications(MING)) == 1
    lab.act(HEAD, Share("client", id, LIU.user, "update"))
    lab.create(LIU, "job", client=str(id))
    watch(lab)
    assert states(lab) == [("open", "")]
    assert len(shown(lab, HEAD, id)[0]["people"]) == 2


def test_sharing_settles_it(lab: Lab) -> None:
    id = contest(lab)
    [found] = shown(lab, MING, id)
    lab.act(MING, Settle("client", id, found["id"], "share"))
    assert states(lab) == [("resolved", "share")]
    assert lab.query("SELECT grantee, act FROM chengdan.share WHERE record_id = %s", id) == [
        (FANG.user, "update")
    ]
    lab.create(FANG, "job", client=str(id))
    watch(lab)
    assert states(lab) == [("resolved", "share")]
    assert lab.events(id)[-1] == ("conflict.settled", {"conflict": "contested", "how": "share", "reason": ""})


def test_handing_over_settles_it_until_both_are_active_again(lab: Lab) -> None:
    id = contest(lab)
    [found] = shown(lab, HEAD, id)
    lab.refused(ReceiverMissing, HEAD, Settle("client", id, found["id"], "hand_over"))
    lab.act(HEAD, Settle("client", id, found["id"], "hand_over", person=FANG.user))
    assert (lab.row("client", id)["owner"], states(lab)) == (FANG.user, [("resolved", "hand_over")])
    lab.create(FANG, "job", client=str(id))
    watch(lab)
    assert states(lab) == [("resolved", "hand_over")]
    lab.create(MING, "job", client=str(id))
    watch(lab)
    assert states(lab) == [("open", "")]


def test_only_who_may_ignores_it_with_a_reason(lab: Lab) -> None:
    id = contest(lab)
    [found] = shown(lab, HEAD, id)
    lab.refused(NotPermitted, MING, Settle("client", id, found["id"], "ignore", "x"))
    lab.refused(ReasonMissing, HEAD, Settle("client", id, found["id"], "ignore", " "))
    lab.refused(UnknownSettlement, HEAD, Settle("client", id, found["id"], "forget", "x"))
    lab.refused(NotFound, LIU, Settle("client", id, found["id"], "share"))
    lab.act(HEAD, Settle("client", id, found["id"], "ignore", "两人分工：一人商务，一人技术"))
    lab.create(FANG, "job", client=str(id))
    watch(lab)
    assert states(lab) == [("ignored", "ignore")]


def test_what_is_past_settles_itself_in_the_night(lab: Lab) -> None:
    id = contest(lab)
    watching.sweep(lab.runtime, lab.clock() + timedelta(days=15))
    assert states(lab) == [("resolved", "gone")]
    assert shown(lab, MING, id) == []


def test_the_same_company_is_found_and_a_merge_settles_it(lab: Lab) -> None:
    one = lab.create(HEAD, "client", name="上海启峰教育有限公司")
    two = lab.create(HEAD, "client", name="启峰教育（上海）股份有限公司")
    watch(lab)
    [found] = shown(lab, HEAD, two["id"])
    assert (found["record"]["label"], found["other"]["label"]) == (two["name"], one["name"])
    assert found["facts"] == [{"field": "name"}]
    lab.act(HEAD, Merge("client", one["id"], two["id"]))
    watch(lab)
    assert states(lab) == [("resolved", "merge")]


def test_of_a_hidden_twin_only_its_owner_is_told(lab: Lab) -> None:
    mine = lab.create(MING, "client", name="上海启峰教育有限公司")
    lab.create(LIU, "client", name="启峰教育(上海)有限公司")
    watch(lab)
    [found] = shown(lab, MING, mine["id"])
    assert found["other"] == {"id": None, "label": None, "owner": {"id": LIU.user, "label": "liu"}}
    assert [lab.notifications(who) for who in (MING, LIU)] == [
        ["重复：上海启峰教育有限公司（ming、liu）"],
        ["重复：启峰教育(上海)有限公司（ming、liu）"],
    ]


def test_differing_files_of_one_name_are_found(lab: Lab) -> None:
    client = lab.create(HEAD, "client", name="普渡科技")
    jobs = [lab.create(HEAD, "job", client=str(client["id"])) for _ in range(2)]
    for job in jobs:
        lab.attach(HEAD, "job", job["id"], "plan")
    watch(lab)
    [found] = shown(lab, HEAD, client["id"])
    assert (found["kind"], found["subject"], len(found["facts"])) == ("files", "plan", 2)
    lab.act(HEAD, Archive("job", jobs[0]["id"]))
    watch(lab)
    assert states(lab) == [("resolved", "gone")]


@pytest.mark.parametrize(
    "name",
    ["产品方案.pdf", "产品方案 V2.0.pdf", "产品方案_最终版.docx", "产品方案(2).pdf", "产品方案-v1.pptx"],
)
def test_marks_of_versions_do_not_count(name: str) -> None:
    assert stem(name) == "产品方案"


def test_the_list_holds_what_its_reader_reaches(lab: Lab) -> None:
    contest(lab)
    for who in (LIU, MING):
        lab.create(who, "client", name="上海启峰教育有限公司")
    watch(lab)
    with lab.runtime.reader(BOSS) as reader:
        whole = list_conflicts(reader, Sought())
        first = list_conflicts(reader, Sought(limit=1))
        rest = list_conflicts(reader, Sought(limit=1, cursor=first["next_cursor"]))
        named = list_conflicts(reader, Sought(name="contested"))
    assert whole["counts"] == {"open": 2, "resolved": 0, "ignored": 0}
    assert [item["id"] for item in whole["items"]] == [first["items"][0]["id"], rest["items"][0]["id"]]
    assert (rest["next_cursor"], [item["conflict"] for item in named["items"]]) == (None, ["contested"])
    with lab.runtime.reader(MING) as reader, pytest.raises(NotPermitted):
        list_conflicts(reader, Sought())


def test_a_form_is_warned_of_what_may_exist(lab: Lab) -> None:
    mine = lab.create(MING, "client", name="上海启峰教育有限公司")
    lab.create(LIU, "client", name="苏州云帆装备有限公司")
    lab.create(LIU, "client", name="苏州云海装备有限公司")
    watch(lab)

    def warned(name: str) -> list[tuple[Any, Any, bool]]:
        with lab.runtime.reader(MING) as reader:
            found = duplicates(reader, "client", {"name": name})
        return [(one["id"], one["owner"]["label"], one["exact"]) for one in found]

    assert warned("启峰教育（上海）有限公司") == [(mine["id"], "ming", True)]
    assert warned("上海启峰教育科技有限公司") == [(mine["id"], "ming", False)]
    assert warned("云帆装备(苏州)有限公司") == [(None, "liu", True)]
    assert warned("苏州云帆装备制造有限公司") == []
    assert warned("") == []


def test_looking_costs_the_same_however_much_was_touched(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    client = lab.create(HEAD, "client", name="普渡科技")
    costs = []
    for jobs in (2, 30):
        ids = {lab.create(MING, "job", client=str(client["id"]))["id"] for _ in range(jobs)}
        with lab.runtime.unit(watching.WATCHER) as unit, statements(monkeypatch) as seen:
            watching.look_at(unit, {"job": ids})
        costs.append(len(seen))
    assert costs == [6, 6]


def twins(lab: Lab, count: int) -> list[UUID]:
    """So many companies that Ming and Liu both have, none of them known to the other."""
    names = [f"上海启峰{number:03}教育有限公司" for number in range(count)]
    return [lab.create(who, "client", name=name)["id"] for name in names for who in (MING, LIU)]


def test_telling_of_many_asks_as_little_as_of_a_few(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    costs = []
    for count in (2, 15):
        empty(lab)
        ids = set(twins(lab, count))
        with lab.runtime.unit(watching.WATCHER) as unit, statements(monkeypatch) as seen:
            watching.look_at(unit, {"client": ids})
        assert len(states(lab)) == count
        assert [len(lab.notifications(who)) for who in (MING, LIU)] == [count, count]
        costs.append(len(seen))
    assert costs[1] <= costs[0]


def test_of_very_many_at_once_one_hears_how_many_they_are(lab: Lab) -> None:
    ids = set(twins(lab, MOST_TOLD + 3))
    with lab.runtime.unit(watching.WATCHER) as unit:
        watching.look_at(unit, {"client": ids})
    assert len(states(lab)) == MOST_TOLD + 3
    for who in (MING, LIU):
        told = lab.notifications(who)
        assert (len(told), "重复：另有 3 处" in told) == (MOST_TOLD + 1, True)


def contested(lab: Lab, *makers: Principal) -> UUID:
    """A client on which all of them have a job."""
    owner = {"owner": str(makers[-1].user), "team": str(EAST)}
    id: UUID = lab.create(HEAD, "client", name=f"客户{uuid4().hex}", **owner)["id"]
    for who in makers:
        lab.create(who, "job", client=str(id))
    return id


def planned(lab: Lab, count: int) -> UUID:
    """A client whose jobs have so many plans, all different."""
    id: UUID = lab.create(HEAD, "client", name=f"客户{uuid4().hex}")["id"]
    for _ in range(count):
        lab.attach(HEAD, "job", lab.create(HEAD, "job", client=str(id))["id"], "plan")
    return id


def test_the_night_settles_nothing_that_goes_on_however_much_it_reads(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        contested(lab, MING, FANG)
    twins(lab, 3)
    for _ in range(3):
        planned(lab, 2)
    watch(lab)
    before = states(lab)
    monkeypatch.setattr(statements_of, "MAX_FOUND", 3)
    assert (watching.sweep(lab.runtime), states(lab)) == (0, before)
    assert set(before) == {("open", "")}
    assert lab.query("SELECT name, count(*)::int FROM chengdan.conflict GROUP BY name ORDER BY name") == [
        ("contested", 3),
        ("plans", 3),
        ("twice", 3),
    ]


def test_a_page_at_a_time_the_night_finds_what_lies_on_two(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    twins(lab, MOST_TOLD + 3)
    monkeypatch.setattr(likenesses, "PAGE", 7)
    assert watching.sweep(lab.runtime) == MOST_TOLD + 3
    assert watching.sweep(lab.runtime) == 0
    assert states(lab) == [("open", "")] * (MOST_TOLD + 3)
    for who in (MING, LIU):
        told = lab.notifications(who)
        assert (len(told), "重复：另有 3 处" in told) == (MOST_TOLD + 1, True)


def test_of_one_record_everybody_and_everything_is_read(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    client, other = contested(lab, MING, FANG, LIU), planned(lab, 3)
    watch(lab)
    told = lab.notifications(MING)
    monkeypatch.setattr(statements_of, "MAX_FOUND", 2)
    watching.sweep(lab.runtime)
    [found] = shown(lab, HEAD, client)
    assert {person["label"] for person in found["people"]} == {"ming", "fang", "liu"}
    assert len(shown(lab, HEAD, other)[0]["facts"]) == 3
    assert lab.notifications(MING) == told


def test_files_of_records_where_none_differ_are_not_read(lab: Lab) -> None:
    planned(lab, 1)
    id = planned(lab, 2)
    conflict = lab.runtime.snapshot.conflicts["plans"]
    child = lab.runtime.snapshot.children_of("client")["jobs"]
    with lab.runtime.unit(watching.WATCHER) as unit:
        statement = statements_of.files_statement(unit.edition, unit.sql_context, conflict, child)
        ids = [id for (id,) in lab.query("SELECT id FROM data.client")]
        since = lab.clock() - timedelta(days=1)
        sql, params = render(statement).bound(ids=ids, since=since, limit=None)
        assert [row[0] for row in unit.execute(sql, params).fetchall()] == [id, id]


def test_what_a_very_large_transaction_causes_is_found_at_once(lab: Lab) -> None:
    id: UUID = lab.create(HEAD, "client", name="普渡科技", owner=str(MING.user), team=str(EAST))["id"]
    lab.create(FANG, "job", client=str(id))
    watch(lab)
    with lab.runtime.unit(MING) as unit:
        unit.execute(
            "INSERT INTO chengdan.event (cause, object, kind, data, snapshot) "
            "SELECT 'x', '', 'x', '{}', 1 FROM generate_series(1, 2100)"
        )
        apply(unit, Create("job", {"name": "last", "client": str(id)}))
    watch(lab)
    assert states(lab) == [("open", "")]
