"""Process audits end to end on the sales system: announced, seeded by the chain, drawn, judged, appealed, paid, recomputed."""

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import pytest

from chengdan.base.config import Config
from chengdan.base.errors import ChengdanError
from chengdan.base.ids import new_id
from chengdan.base.json import dumps
from chengdan.kernel.access import Principal
from chengdan.run import schedule
from chengdan.run.action import apply
from chengdan.run.audits import advance, announce, carry_out, publish_seed, redraw, redraw_text
from chengdan.run.audits.bonus import bounds, quarter_of, statements, write_statements
from chengdan.run.audits.drawing import ListAltered
from chengdan.run.audits.reading import overview, review_page, strata
from chengdan.run.audits.redraw import BadExport, NotDrawnYet, export
from chengdan.run.audits.reviewing import (
    NoSecondReviewer,
    NotYourTurn,
    ReasonMissing,
    VerdictsMissing,
    accept,
    appeal,
    give_verdict,
    submit,
)
from chengdan.run.commands import Create, Move, Update
from chengdan.run.errors import Forbidden, NotFound
from chengdan.run.leaving.back import request_back
from chengdan.run.leaving.moving import request
from chengdan.run.leaving.plan import NotForChoosing, preview
from chengdan.run.runtime import Runtime
from chengdan.run.sessions import Doorman
from chengdan.run.worker import perform
from tests.databases import Databases, name_of
from tests.lab.happening import FINAL_SECONDS

MAKER = Principal(UUID(int=1), "maker", frozenset({"admin"}))
NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)


@dataclass
class Firm:
    """Two teams of two reps with twenty opportunities each, and three reviewers in an office of their own."""

    runtime: Runtime
    now: datetime = NOW
    people: dict[str, Principal] = field(default_factory=dict)

    def clock(self) -> datetime:
        return self.now

    @property
    def audit(self) -> Any:
        return self.runtime.snapshot.audits["process"]

    def act(self, who: Principal, work: Any, *given: Any) -> Any:
        with self.runtime.unit(who) as unit:
            return work(unit, self.audit, *given)

    def rows(self, text: str, *params: Any) -> list[tuple[Any, ...]]:
        with self.runtime.pool.connection() as connection:
            return connection.execute(text, params).fetchall()

    def who(self, id: UUID) -> Principal:
        return next(person for person in self.people.values() if person.user == id)

    def seal(self) -> None:
        """Seal all that is there, waiting for the transactions of other tests: nothing after them is final."""
        deadline = time.monotonic() + FINAL_SECONDS
        while self.rows(
            "SELECT 1 FROM chengdan.event WHERE xid >= (SELECT coalesce(max(xid_to), 0) FROM chengdan.seal)"
        ):
            assert time.monotonic() < deadline
            schedule.seal(self.runtime)

    def drawn(self) -> UUID:
        """A draw that has taken place."""
        id = announce(self.runtime, self.audit)
        assert id is not None
        self.seal()
        assert publish_seed(self.runtime, self.audit) == id
        self.now += timedelta(hours=25)
        assert carry_out(self.runtime, self.audit) == id
        return id

    def reviews(self) -> list[tuple[UUID, Principal, Principal]]:
        """The reviews, each with its reviewer and whose work it is about."""
        found = self.rows("SELECT id, owner, judged FROM data.audit_review ORDER BY id")
        return [(id, self.who(owner), self.who(judged)) for id, owner, judged in found]

    def judge(self, review: UUID, reviewer: Principal, verdict: str = "met") -> None:
        """Give every verdict, and hand them in."""
        for (id,) in self.rows("SELECT id FROM data.audit_verdict WHERE review = %s", review):
            self.act(reviewer, give_verdict, id, {"verdict": verdict})
        self.act(reviewer, submit, review, "")

    def one(self, review: UUID) -> dict[str, Any]:
        names = (
            "status",
            "score",
            "first_score",
            "owner",
            "reviewer",
            "stand_in",
            "second_reviewer",
            "final_at",
        )
        [row] = self.rows(f"SELECT {', '.join(names)} FROM data.audit_review WHERE id = %s", review)
        return dict(zip(names, row, strict=True))


@pytest.fixture(scope="module")
def firm_database(
    databases: Databases, sales_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    with databases.fresh(sales_template) as url:
        with Runtime.over(url, Config(home=tmp_path_factory.mktemp("firm")), lambda: NOW) as runtime:
            _found(runtime)
        yield name_of(url)


def _found(runtime: Runtime) -> None:
    with runtime.unit(MAKER) as unit:
        teams = {name: apply(unit, Create("team", {"name": name}))["id"] for name in ("东", "西", "运营")}
        staff = {
            "a": "东",
            "b": "东",
            "c": "西",
            "d": "西",
            "r1": "运营",
            "r2": "运营",
            "r3": "运营",
            "boss": "东",
        }
        for name, team in staff.items():
            role = "sales_ops" if name.startswith("r") else "manager" if name == "boss" else "rep"
            values = {"username": name, "name": name, "roles": [role], "team": str(teams[team])}
            apply(unit, Create("user", values))
    with runtime.unit(MAKER) as unit:
        reps = unit.execute("SELECT id, name FROM data.\"user\" WHERE 'rep' = ANY(roles)").fetchall()
        for person, name in reps:
            for number in range(20):
                stage = "demo" if number % 2 else "discovery"
                deal = {"name": f"{name}{number}", "owner": str(person), "stage": stage, "budget": 5}
                apply(unit, Create("opportunity", deal, override_reason="test"))


@pytest.fixture
def firm(databases: Databases, firm_database: str, tmp_path: Path) -> Iterator[Firm]:
    with databases.fresh(firm_database) as url:
        clock: list[Firm] = []
        with Runtime.over(url, Config(home=tmp_path), lambda: clock[0].now if clock else NOW) as runtime:
            firm = Firm(runtime)
            clock.append(firm)
            for id, name, roles, team in firm.rows('SELECT id, name, roles, team FROM data."user"'):
                firm.people[name] = Principal(id, name, frozenset(roles), (team,), (team,))
            yield firm


def test_the_list_is_hashed_before_there_is_a_seed_and_the_seed_is_the_chains(firm: Firm) -> None:
    id = announce(firm.runtime, firm.audit)
    [(period, status, population, hash, seed, draw_at)] = firm.rows(
        "SELECT period, status, population, list_hash, seed, draw_at FROM data.audit_draw WHERE id = %s", id
    )
    assert (period, status, population, seed) == ("process/2026-11-23", "announced", 80, None)
    assert draw_at == NOW + timedelta(hours=24)
    assert announce(firm.runtime, firm.audit) is None
    assert publish_seed(firm.runtime, firm.audit) is None  # no seal covers the announcement yet

    firm.seal()
    assert publish_seed(firm.runtime, firm.audit) == id
    [(seed, seal)] = firm.rows("SELECT seed, seal FROM data.audit_draw WHERE id = %s", id)
    assert firm.rows("SELECT encode(hash, 'hex') FROM chengdan.seal WHERE number = %s", seal) == [(seed,)]
    assert carry_out(firm.runtime, firm.audit) is None  # it is announced for tomorrow
    with pytest.raises(NotDrawnYet):
        redraw(firm.runtime, firm.audit, id or new_id())
    [(announced, published)] = firm.rows(
        "SELECT max(data->'values'->>'list_hash'), max(data->'changes'->'seed'->>1) FROM chengdan.event WHERE record_id = %s",
        id,
    )
    assert (announced, published) == (hash, seed)


def test_a_draw_is_stratified_evenly_assigned_and_asks_for_what_each_stage_stands_on(firm: Firm) -> None:
    id = firm.drawn()
    strata_drawn = Counter(
        firm.rows(
            "SELECT r.team, o.stage FROM data.audit_review r JOIN data.opportunity o ON o.id = r.subject"
        )
    )
    assert sorted(strata_drawn.values()) == [1, 1, 1, 1]
    assert sorted(Counter(who.name for _, who, _ in firm.reviews()).values()) == [1, 1, 2]
    with firm.runtime.reader(firm.people["r1"]) as reader:
        shown = strata(firm.runtime, reader, firm.audit, id)
        assert [(one["size"], one["drawn"], one["pooled"]) for one in shown] == [(20, 1, False)] * 4
        assert {tuple(one["values"]) for one in shown} == {
            (t, s) for t in "东西" for s in ("需求分析", "方案演示")
        }
        [draw] = orjson.loads(dumps(overview(reader, firm.audit)["draws"]))
    assert (draw["status"], draw["review_count"], draw["final_count"]) == ("drawn", 4, 0)
    for review, stage in firm.rows(
        "SELECT r.id, o.stage FROM data.audit_review r JOIN data.opportunity o ON o.id = r.subject"
    ):
        found = dict(firm.rows("SELECT deliverable, shown FROM data.audit_verdict WHERE review = %s", review))
        base = {"account": False, "reachable_contact": False}
        passed = {"needs_confirmed": False, "pain_form": False, "budget": True, "decision_maker": False, "it_architecture": False}  # fmt: skip
        assert found == (base if stage == "discovery" else {**base, **passed})


def test_lost_work_is_judged_on_all_that_its_way_demanded(firm: Firm) -> None:
    """East lost what it had demonstrated; West lost what it hadn't, and stepped back with what it had."""
    loss = {"stage": "lost", "loss_reason": "price", "closed_on": str(NOW.date())}
    became = {("东", "demo"): loss, ("西", "discovery"): loss, ("西", "demo"): {"stage": "discovery"}}
    deals = firm.rows(
        "SELECT o.id, t.name, o.stage FROM data.opportunity o JOIN data.team t ON t.id = o.team ORDER BY o.id"
    )
    for id, team, stage in deals:
        changes = became.get((team, stage))
        if changes:
            firm.runtime.act(MAKER, Update("opportunity", id, None, changes, reason="没有复盘"))
    firm.drawn()
    origin = {id: (team, stage) for id, team, stage in deals}
    asked = {}
    for review, subject in firm.rows("SELECT id, subject FROM data.audit_review"):
        with firm.runtime.reader(MAKER) as reader:
            verdicts = review_page(reader, firm.audit, review)["verdicts"]
        asked[origin[subject]] = [verdict["deliverable"] for verdict in verdicts]
    first, last = ["account", "reachable_contact"], ["loss_reason", "loss_note"]
    then = ["needs_confirmed", "pain_form", "budget", "decision_maker", "it_architecture"]
    assert asked == {
        ("东", "discovery"): first,
        ("东", "demo"): [*first, *then, *last],
        ("西", "discovery"): [*first, *last],
        ("西", "demo"): [*first, *then],
    }


def test_anybody_recomputes_a_draw_and_finds_what_was_changed(firm: Firm) -> None:
    id = firm.drawn()
    found = redraw(firm.runtime, firm.audit, id)
    assert (found.holds, found.population, found.drawn, found.seed_holds) == (True, 80, 4, True)
    with firm.runtime.reader(firm.people["a"]) as reader:
        text = dumps(export(firm.runtime, reader, firm.audit, id)).decode()
    assert redraw_text(text).holds
    assert redraw_text(text).seed_holds is None

    [(review, subject)] = firm.rows("SELECT id, subject FROM data.audit_review ORDER BY id LIMIT 1")
    [(other,)] = firm.rows(
        "SELECT id FROM data.opportunity WHERE NOT id IN (SELECT subject FROM data.audit_review) LIMIT 1"
    )
    firm.rows("UPDATE data.audit_review SET subject = %s WHERE id = %s RETURNING id", other, review)
    found = redraw(firm.runtime, firm.audit, id)
    assert (found.holds, found.missing, found.extra) == (False, (subject,), (other,))

    firm.rows("UPDATE data.audit_draw SET seed = %s WHERE id = %s RETURNING id", "00" * 32, id)
    assert redraw(firm.runtime, firm.audit, id).seed_holds is False
    spoiled = orjson.loads(text)
    spoiled["list"] = spoiled["list"].replace("demo", "discovery", 1)
    with pytest.raises(ListAltered):
        redraw_text(dumps(spoiled).decode())
    for bad in ("", "{}", "[]", '{"draw":1}'):
        with pytest.raises(BadExport):
            redraw_text(bad)


def test_a_review_goes_from_verdicts_to_acceptance(firm: Firm) -> None:
    firm.drawn()
    review, reviewer, rep = firm.reviews()[0]
    verdicts = [id for (id,) in firm.rows("SELECT id FROM data.audit_verdict WHERE review = %s", review)]
    with pytest.raises(NotFound):  # nobody sees an open review of their own work
        firm.act(rep, accept, review)
    with pytest.raises(Forbidden):
        firm.act(
            next(who for _, who, _ in firm.reviews() if who is not reviewer),
            give_verdict,
            verdicts[0],
            {"verdict": "met"},
        )
    with pytest.raises(VerdictsMissing):
        firm.act(reviewer, submit, review, "")
    with pytest.raises(ChengdanError):
        firm.act(reviewer, give_verdict, verdicts[0], {"verdict": "splendid"})

    for id in verdicts:
        firm.act(reviewer, give_verdict, id, {"verdict": "met", "note": "好"})
    firm.act(reviewer, give_verdict, verdicts[0], {"verdict": "unmet"})
    firm.act(reviewer, submit, review, "缺签字")
    found = firm.one(review)
    assert found["status"] == "judged"
    assert found["score"] == found["first_score"] < 100
    with pytest.raises(NotYourTurn):
        firm.act(reviewer, give_verdict, verdicts[0], {"verdict": "met"})
    assert (
        firm.rows(
            "SELECT zh FROM chengdan.notification WHERE user_id = %s AND zh LIKE '过程审计结果%%'", rep.user
        )
        != []
    )

    with firm.runtime.reader(rep) as reader:
        page = review_page(reader, firm.audit, review)
    assert page["can"] == {"judge": False, "accept": True, "appeal": True}
    assert len(page["verdicts"]) == len(verdicts)
    firm.act(rep, accept, review)
    assert firm.one(review)["status"] == "final"
    assert firm.rows("SELECT key FROM chengdan.timer WHERE record_id = %s", review) == []


def test_an_appeal_goes_to_a_second_reviewer_who_settles_it(firm: Firm) -> None:
    firm.drawn()
    review, reviewer, rep = firm.reviews()[0]
    firm.judge(review, reviewer, "unmet")
    with pytest.raises(ReasonMissing):
        firm.act(rep, appeal, review, " ", [])
    [(contested,)] = firm.rows("SELECT id FROM data.audit_verdict WHERE review = %s LIMIT 1", review)
    firm.act(rep, appeal, review, "签字页在附件第二页", [contested])
    found = firm.one(review)
    assert (found["status"], found["reviewer"]) == ("appealed", reviewer.user)
    assert found["owner"] == found["second_reviewer"] != reviewer.user
    second = firm.who(found["second_reviewer"])
    with pytest.raises(Forbidden):
        firm.act(reviewer, submit, review, "x")
    with pytest.raises(ReasonMissing):
        firm.act(second, submit, review, "")
    firm.act(second, give_verdict, contested, {"verdict": "met"})
    firm.act(second, submit, review, "附件齐全，改判")
    found = firm.one(review)
    assert (found["status"], found["first_score"]) == ("final", 0)
    assert found["score"] > 0
    with pytest.raises(NotYourTurn):
        firm.act(rep, appeal, review, "再来", [])


def test_an_appeal_needs_somebody_else(firm: Firm) -> None:
    firm.drawn()
    review, reviewer, rep = firm.reviews()[0]
    firm.judge(review, reviewer)
    with firm.runtime.unit(MAKER) as unit:
        for name in ("r1", "r2", "r3"):
            if firm.people[name] is not reviewer:
                apply(unit, Update("user", firm.people[name].user, None, {"active": False}))
    with pytest.raises(NoSecondReviewer):
        firm.act(rep, appeal, review, "不服", [])
    assert firm.one(review)["status"] == "judged"


def test_a_reviewer_who_leaves_is_replaced_and_the_draw_still_holds(firm: Firm) -> None:
    id = firm.drawn()
    review, reviewer, rep = firm.reviews()[0]
    colleague = next(firm.people[name] for name in ("r1", "r2", "r3") if firm.people[name] is not reviewer)
    with firm.runtime.unit(colleague) as unit:
        found = preview(unit, reviewer.user)["records"]
        assert {(one["object"], one["field"]) for one in found if one["audit"]} == {("audit_review", "owner")}
        with pytest.raises(NotForChoosing):
            request(unit, reviewer.user, {"audit_review": {"to": [rep.user]}}, [rep.user], close=False)
        job = request(unit, reviewer.user, {}, [rep.user], close=False)
    doorman = Doorman(firm.runtime)
    perform(doorman, job)
    now = firm.one(review)
    assert (
        now["owner"]
        == now["stand_in"]
        in {firm.people[name].user for name in ("r1", "r2", "r3") if firm.people[name] is not reviewer}
    )
    assert now["reviewer"] == reviewer.user
    assert redraw(firm.runtime, firm.audit, id).holds

    firm.judge(review, firm.who(now["owner"]))
    firm.act(rep, appeal, review, "不服", [])
    second = firm.one(review)["owner"]
    assert second not in {now["owner"], reviewer.user}
    firm.act(firm.who(second), submit, review, "维持")
    with firm.runtime.unit(colleague) as unit:
        back = request_back(unit, job)
    perform(doorman, back)
    assert firm.one(review)["owner"] == second
    others = firm.rows(
        "SELECT owner FROM data.audit_review WHERE id <> %s AND reviewer = %s", review, reviewer.user
    )
    assert {owner for (owner,) in others} <= {reviewer.user}


def test_a_result_that_nobody_contests_stands_after_three_working_days(firm: Firm) -> None:
    firm.drawn()
    review, reviewer, _ = firm.reviews()[0]
    firm.judge(review, reviewer)
    firm.now += timedelta(days=2)
    schedule.fire_due(firm.runtime)
    assert firm.one(review)["status"] == "judged"
    firm.now += timedelta(days=4)
    schedule.fire_due(firm.runtime)
    assert firm.one(review)["status"] == "final"


def test_nobody_changes_a_review_by_the_ordinary_ways(firm: Firm) -> None:
    firm.drawn()
    review, reviewer, rep = firm.reviews()[0]
    firm.judge(review, reviewer, "unmet")
    for who in (reviewer, rep, MAKER, firm.people["boss"]):
        for command in (
            Update("audit_review", review, None, {"score": 100}),
            Create("audit_review", {"name": "x", "status": "final", "score": 100}),
        ):
            with pytest.raises((Forbidden, NotFound, ChengdanError)):
                firm.runtime.act(who, command)
    assert firm.one(review)["score"] == 0


def test_the_quarters_bonus_follows_the_expression_and_is_seen_by_whom_it_concerns(
    firm: Firm, tmp_path: Path
) -> None:
    firm.drawn()
    for review, reviewer, rep in firm.reviews():
        firm.judge(review, reviewer)
        firm.act(rep, accept, review)
    quarter = quarter_of(firm.now)
    assert quarter == "2026-Q4"
    with firm.runtime.reader(firm.people["r1"]) as reader:
        whole = statements(reader, firm.audit, quarter)
        assert statements(reader, firm.audit, "2026-Q3") == []
    own = Counter(rep.name for _, _, rep in firm.reviews())
    assert {one.label: (one.reviews, one.score, one.amount) for one in whole} == {
        name: (count, Decimal(100), Decimal(3000 if count >= 2 else 0)) for name, count in own.items()
    }
    assert {item["id"] for one in whole for item in one.items} == {id for id, _, _ in firm.reviews()}
    name = next(iter(own))
    with firm.runtime.reader(firm.people[name]) as reader:
        assert [one.label for one in statements(reader, firm.audit, quarter)] == [name]
    with firm.runtime.reader(firm.people["boss"]) as reader:
        assert {one.label for one in statements(reader, firm.audit, quarter)} == {"a", "b"} & own.keys()
        file = tmp_path / "bonus.csv"
        assert write_statements(reader, firm.audit, quarter, file, "csv") == len({"a", "b"} & own.keys())
    assert (
        file.read_text("utf-8-sig").splitlines()[0]
        == "姓名,季度,终审单数,平均分,最低分,申诉改判,过程质量奖金"
    )


def test_quarters_begin_at_midnight_in_shanghai() -> None:
    assert bounds("2026-Q4") == (
        datetime(2026, 9, 30, 16, tzinfo=UTC),
        datetime(2026, 12, 31, 16, tzinfo=UTC),
    )
    for bad in ("2026", "2026-Q5", "26-Q1"):
        with pytest.raises(ChengdanError):
            bounds(bad)


def test_the_schedule_takes_every_step_when_it_is_due(firm: Firm) -> None:
    assert advance(firm.runtime) == 1
    assert advance(firm.runtime) == 0
    firm.seal()
    assert advance(firm.runtime) == 1
    firm.now += timedelta(days=1, minutes=1)
    assert advance(firm.runtime) == 1
    firm.now += timedelta(days=14)
    assert advance(firm.runtime) == 1
    assert firm.rows("SELECT period FROM data.audit_draw ORDER BY period") == [
        ("process/2026-11-23",),
        ("process/2026-12-07",),
    ]


def test_a_rep_who_moves_on_leaves_the_draw_as_it_was(firm: Firm) -> None:
    id = announce(firm.runtime, firm.audit)
    firm.seal()
    publish_seed(firm.runtime, firm.audit)
    with firm.runtime.unit(MAKER) as unit:
        for (deal,) in firm.rows("SELECT id FROM data.opportunity WHERE stage = 'demo'"):
            apply(unit, Move("opportunity", deal, None, "lost", override_reason="test"))
    firm.now += timedelta(hours=25)
    carry_out(firm.runtime, firm.audit)
    assert redraw(firm.runtime, firm.audit, id or new_id()).holds
