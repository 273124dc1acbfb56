"""Public pools over the lab's clients: claiming, giving back, falling, and what is seen of what lies in one."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from chengdan.kernel.access import Principal
from chengdan.kernel.record import UnknownField
from chengdan.run.commands import Claim, Release, Update
from chengdan.run.errors import Forbidden, NotFound, NotPermitted
from chengdan.run.pools.errors import (
    CannotHold,
    CoolingDown,
    DailyLimitReached,
    NoSuchPool,
    NoteMissing,
    NotInPool,
    QuotaReached,
)
from chengdan.run.pools.falling import falling, let_fall
from chengdan.run.pools.reading import Sought, lying, pools
from chengdan.store import holdings
from tests.databases import Databases
from tests.lab.lab import AUDITOR, BOSS, EAST, FANG, HEAD, KEEPER, LIU, MING, SOUTH, Lab, build_lab, open_lab
from tests.lab.manifests import manifests

POOL = """\
pool: clients
label: {zh: 客户公海, en: Client pool}
object: client
who: [maker]
quota: {maker: 3}
counts: 'region == null'
daily: 2
cool_down_days: 10
idle: {days: 30, warn_days: 7, since: updated_at, exempt: 'job_count > 0'}
shown: [name, region, territory]
masked: [name]
along: [jobs]
"""
ROWS = 'UPDATE data."user" SET roles = %s, active = true, team = %s WHERE id = %s'


@pytest.fixture(scope="module")
def lab(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    home: Path = tmp_path_factory.mktemp("pools")
    files = manifests({"pools/clients.yaml": POOL})
    files["roles/head.yaml"] = files["roles/head.yaml"].replace("permissions: [", "permissions: [pools, ")
    with databases.fresh() as url:
        build_lab(url, home, files)
        with open_lab(url, home) as lab:
            with lab.runtime.pool.connection() as connection:
                for who in (MING, FANG, LIU, HEAD, BOSS, AUDITOR):
                    team = next(iter(who.teams), None)
                    connection.execute(ROWS, (sorted(who.roles), team, who.user))
            yield lab


@pytest.fixture(autouse=True)
def clean(lab: Lab) -> None:
    lab.empty("client", "job")
    with lab.runtime.pool.connection() as connection:
        connection.execute("TRUNCATE chengdan.holding, chengdan.event")


def pooled(lab: Lab, name: str = "无主客户", **values: Any) -> UUID:
    """A client in the pool that Liu gave back."""
    made = lab.create(LIU, "client", name=name, **values)
    lab.act(LIU, Release("client", made["id"], "没有预算"))
    id: UUID = made["id"]
    return id


def seen(lab: Lab, who: Principal, **sought: Any) -> list[dict[str, Any]]:
    with lab.runtime.reader(who) as reader:
        return list(lying(reader, "clients", Sought(**sought))["items"])


def test_what_is_given_back_has_no_owner_and_is_hidden_but_in_the_pool(lab: Lab) -> None:
    made = lab.create(MING, "client", name="普渡科技有限公司", region="east")
    job = lab.create(MING, "job", client=str(made["id"]))
    others = lab.create(HEAD, "job", client=str(made["id"]))
    lab.act(MING, Release("client", made["id"], "没有预算"))
    row = lab.row("client", made["id"])
    assert (row["owner"], row["team"]) == (None, None)
    assert (lab.row("job", job["id"])["owner"], lab.row("job", others["id"])["owner"]) == (None, HEAD.user)
    assert lab.names(MING, "client") == []
    [found] = seen(lab, LIU)
    assert (found["name"], found["region"]) == ("普渡****公司", "east")
    assert set(found) == {"id", "version", "name", "region", "territory", "pool"}
    assert (found["pool"]["former"]["label"], found["pool"]["how"], found["pool"]["note"]) == (
        "ming",
        "released",
        "没有预算",
    )
    kinds = lab.kinds(made["id"])
    assert kinds[-2:] == ["record.updated", "pool.entered"]


def test_claiming_gives_it_whole_with_what_goes_along(lab: Lab) -> None:
    made = lab.create(LIU, "client")
    job = lab.create(LIU, "job", client=str(made["id"]))
    lab.act(LIU, Release("client", made["id"], "x"))
    lab.act(MING, Claim("client", made["id"]))
    for object, id in (("client", made["id"]), ("job", job["id"])):
        row = lab.row(object, id)
        assert (row["owner"], row["team"]) == (MING.user, EAST)
    assert seen(lab, MING) == []
    assert lab.events(made["id"])[-1] == (
        "pool.claimed",
        {"pool": "clients", "user": str(MING.user), "how": "claimed"},
    )
    moves = [
        data["changes"]["owner"]
        for kind, data in lab.events(made["id"])
        if kind == "record.updated" and "owner" in data["changes"]
    ]
    assert moves == [[str(LIU.user), None], [None, str(MING.user)]]


def test_the_second_to_claim_is_told_who_was_faster(lab: Lab) -> None:
    id = pooled(lab)
    lab.act(MING, Claim("client", id))
    error = lab.refused(NotInPool, FANG, Claim("client", id))
    assert error.data["holder"] == "ming"


def test_quota_daily_limit_and_cool_down_hold_back(lab: Lab) -> None:
    ids = [pooled(lab, f"c{number}") for number in range(3)]
    lab.create(MING, "client", name="own")
    lab.create(MING, "client", name="elsewhere", region="east")
    lab.act(MING, Claim("client", ids[0]))
    lab.act(MING, Claim("client", ids[1]))
    assert lab.refused(QuotaReached, MING, Claim("client", ids[2])).data["held"] == 3
    lab.act(FANG, Claim("client", ids[2]))
    four, five = pooled(lab, "c4"), pooled(lab, "c5")
    lab.act(FANG, Claim("client", four))
    assert lab.refused(DailyLimitReached, FANG, Claim("client", five)).data["claimed"] == 2
    assert lab.refused(CoolingDown, LIU, Claim("client", five)).code == "POOL-005"
    lab.query(
        "UPDATE chengdan.holding SET since = since - interval '11 days' WHERE record_id = %s RETURNING 1",
        five,
    )
    lab.act(LIU, Claim("client", five))
    assert lab.row("client", five)["owner"] == LIU.user


def claimed_today(lab: Lab, who: Principal) -> int:
    """How many of the day's claims the page says somebody made."""
    with lab.runtime.reader(who) as reader:
        [mine] = pools(reader)
    return int(mine["claimed_today"])


def test_what_was_claimed_and_given_back_since_counts_for_the_day(lab: Lab) -> None:
    ids = [pooled(lab, f"c{number}") for number in range(4)]
    for id in ids[:2]:
        lab.act(MING, Claim("client", id))
        lab.act(MING, Release("client", id, "不合适"))
    assert (claimed_today(lab, MING), claimed_today(lab, FANG)) == (2, 0)
    assert lab.refused(DailyLimitReached, MING, Claim("client", ids[2])).data["claimed"] == 2
    lab.clock.ahead = timedelta(days=1)
    try:
        lab.act(MING, Claim("client", ids[2]))
        assert claimed_today(lab, MING) == 1
    finally:
        lab.clock.ahead = timedelta()


def test_what_was_assigned_does_not_count_for_the_day(lab: Lab) -> None:
    for number in range(2):
        lab.act(HEAD, Claim("client", pooled(lab, f"c{number}"), FANG.user))
    assert (claimed_today(lab, FANG), claimed_today(lab, HEAD)) == (0, 0)
    lab.act(FANG, Claim("client", pooled(lab, "c2")))
    assert claimed_today(lab, FANG) == 1


def test_the_days_claims_are_found_by_an_index_of_theirs_alone(lab: Lab) -> None:
    lab.act(MING, Claim("client", pooled(lab)))
    with lab.runtime.pool.connection() as connection:
        connection.execute("SET LOCAL enable_seqscan = off")
        today = lab.clock() - timedelta(hours=1)
        plan = connection.execute("EXPLAIN " + holdings.CLAIMED, (MING.user, today, "client")).fetchall()
    scans = [line for (line,) in plan if "Scan" in line]
    assert scans
    assert all("actor_at_idx" in line for line in scans), plan


def test_a_manager_assigns_to_whom_may_hold_it(lab: Lab) -> None:
    id = pooled(lab, "重要客户")
    lab.refused(NotPermitted, MING, Claim("client", id, FANG.user))
    lab.refused(CannotHold, HEAD, Claim("client", id, AUDITOR.user))
    lab.act(HEAD, Claim("client", id, LIU.user))
    assert (lab.row("client", id)["owner"], lab.row("client", id)["team"]) == (LIU.user, SOUTH)
    assert lab.notifications(LIU) == ["公海客户分配给您：重要客户"]


def test_who_may_not_is_told_there_is_no_pool(lab: Lab) -> None:
    id = pooled(lab)
    lab.refused(NoSuchPool, AUDITOR, Claim("client", id))
    lab.refused(NoSuchPool, HEAD, Claim("client", id))
    lab.refused(NoSuchPool, MING, Claim("job", id))
    with lab.runtime.reader(AUDITOR) as reader:
        assert pools(reader) == []
        with pytest.raises(NoSuchPool):
            lying(reader, "clients", Sought())


def test_giving_back_needs_the_right_to_change_and_a_reason(lab: Lab) -> None:
    made = lab.create(MING, "client")
    lab.refused(NoteMissing, MING, Release("client", made["id"], "  "))
    lab.refused(Forbidden, FANG, Release("client", made["id"], "x"))
    lab.refused(NotFound, LIU, Release("client", made["id"], "x"))


def test_no_filter_or_order_tells_more_than_is_shown(lab: Lab) -> None:
    pooled(lab, "a", region="east")
    pooled(lab, "b", region="south")
    assert len(seen(lab, MING, filter='region == "east"')) == 1
    assert len(seen(lab, MING, q="a")) == 1
    for sought in (
        {"filter": "credit > 5"},
        {"filter": 'name == "a"'},
        {"filter": 'territory.name == "x"'},
        {"sort": "name"},
        {"filter": "jobs.exists(j, j.cost > 1)"},
    ):
        with pytest.raises(UnknownField):
            seen(lab, MING, **sought)


def test_what_lies_idle_is_warned_of_then_falls(lab: Lab) -> None:
    idle = lab.create(MING, "client", name="久未跟进")
    busy = lab.create(MING, "client", name="有项目")
    lab.create(MING, "job", client=str(busy["id"]))
    foreign = lab.create(HEAD, "client", name="主管的")
    pool = lab.runtime.snapshot.pools["clients"]

    def after(days: float) -> tuple[int, int]:
        return let_fall(lab.runtime, pool, lab.clock() + timedelta(days=days))

    assert after(22) == (0, 0)
    assert after(23.1) == (1, 0)
    assert lab.notifications(MING) == ["1 条客户 7 天后退回客户公海：久未跟进"]
    assert after(29) == (0, 0)
    assert pool.idle is not None
    with lab.runtime.unit(MING, now=lab.clock() + timedelta(days=29)) as unit:
        [found] = falling(unit, pool, pool.idle, 10, own=True)
    assert (found.record, found.title) == (idle["id"], "久未跟进")
    assert after(30.2) == (0, 1)
    assert [lab.row("client", one["id"])["owner"] for one in (idle, busy, foreign)] == [
        None,
        MING.user,
        HEAD.user,
    ]
    assert lab.notifications(MING)[1:] == ["「久未跟进」已退回客户公海"]
    assert lab.notifications(HEAD) == ["「久未跟进」已退回客户公海"]
    assert seen(lab, FANG)[0]["pool"]["how"] == "idle"


def test_a_touch_after_the_warning_keeps_it(lab: Lab) -> None:
    made = lab.create(MING, "client")
    pool = lab.runtime.snapshot.pools["clients"]
    let_fall(lab.runtime, pool, lab.clock() + timedelta(days=25))
    lab.clock.ahead = timedelta(days=28)
    lab.update(MING, "client", made, name="还在谈")
    assert let_fall(lab.runtime, pool, lab.clock() + timedelta(days=5)) == (0, 0)
    lab.clock.ahead = timedelta()
    assert lab.row("client", made["id"])["owner"] == MING.user


def test_an_owner_set_by_any_way_of_writing_is_held_from_then_on(lab: Lab) -> None:
    made = lab.create(MING, "client")
    lab.act(KEEPER, Update("client", made["id"], None, {"owner": None}))
    assert len(seen(lab, FANG)) == 1
    lab.act(KEEPER, Update("client", made["id"], None, {"owner": str(FANG.user)}))
    [(holder, former, how)] = lab.query("SELECT holder, former, how FROM chengdan.holding")
    assert (holder, former, how) == (FANG.user, None, "assigned")


def test_one_sees_what_one_holds_and_may_claim(lab: Lab) -> None:
    lab.create(MING, "client")
    lab.act(MING, Claim("client", pooled(lab)))
    with lab.runtime.reader(MING) as reader:
        [mine] = pools(reader)
    assert (mine["held"], mine["quota"], mine["claimed_today"], mine["daily"]) == (2, 3, 1, 2)
    assert mine["can"] == {"claim": True, "assign": False}
    with lab.runtime.reader(HEAD) as reader:
        [theirs] = pools(reader)
    assert (theirs["quota"], theirs["can"]) == (None, {"claim": False, "assign": True})
