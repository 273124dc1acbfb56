"""Somebody leaves: a preview, everything given to others in one go, and taken back."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from chengdan.kernel.access import Principal
from chengdan.run import jobs
from chengdan.run.commands import Claim, Create, Follow, Update
from chengdan.run.errors import Forbidden, NotFound, NotPermitted
from chengdan.run.jobs import JobInterrupted, JobState, Progress
from chengdan.run.leaving.back import TooLateToTakeBack, past, request_back
from chengdan.run.leaving.moving import request
from chengdan.run.leaving.plan import BadReceiver, NoPoolForIt, ReceiverMissing, places, preview
from chengdan.run.mail import accounts
from chengdan.run.runtime import Runtime
from chengdan.run.sessions import Doorman
from chengdan.run.worker import perform
from tests.databases import Databases
from tests.lab.lab import (
    BOSS,
    EAST,
    FANG,
    HEAD,
    HQ,
    KEEPER,
    LIU,
    MING,
    SOUTH,
    Lab,
    build_lab,
    open_lab,
)
from tests.lab.manifests import manifests

POOL = """\
pool: clients
label: {zh: 客户公海, en: Client pool}
object: client
who: [maker]
shown: [name]
along: [jobs]
"""
ROWS = 'UPDATE data."user" SET roles = %s, active = true, team = %s WHERE id = %s'


@pytest.fixture
def lab(databases: Databases, tmp_path: Path) -> Iterator[Lab]:
    files = manifests({"pools/clients.yaml": POOL})
    for role, more in (("head", "hand_over, "), ("keeper", "hand_over, manage_users, ")):
        text = files[f"roles/{role}.yaml"]
        files[f"roles/{role}.yaml"] = (
            text.replace("permissions: [", f"permissions: [{more}")
            if "permissions: [" in text
            else text.replace("grants:", f"permissions: [{more.rstrip(', ')}]\ngrants:", 1)
        )
    files["objects/job.yaml"] = files["objects/job.yaml"].replace(
        "fields:\n", "stays: 'stage == \"done\"'\nfields:\n", 1
    )
    template = databases.template("leaving", lambda url: build_lab(url, tmp_path, files))
    with databases.fresh(template) as url, open_lab(url, tmp_path) as lab:
        with lab.runtime.pool.connection() as connection:
            for who in (MING, FANG, LIU, HEAD, KEEPER):
                connection.execute(ROWS, (sorted(who.roles), next(iter(who.teams), None), who.user))
        yield lab


def hand_over(
    lab: Lab,
    who: Principal,
    person: Principal,
    rest: list[Principal],
    *,
    close: bool = False,
    mail: dict[str, Any] | None = None,
    **rules: Any,
) -> UUID:
    """Ask for a hand-over and do it."""
    with lab.runtime.unit(who) as unit:
        job = request(unit, person.user, rules, [one.user for one in rest], close=close, mail=mail)
    perform(Doorman(lab.runtime), job)
    return job


def take_back(lab: Lab, who: Principal, job: UUID) -> None:
    with lab.runtime.unit(who) as unit:
        back = request_back(unit, job)
    perform(Doorman(lab.runtime), back)


def test_the_preview_counts_what_would_go(lab: Lab) -> None:
    client = lab.create(MING, "client")
    lab.create(MING, "job", client=str(client["id"]))
    lab.create(FANG, "job", helper=str(MING.user))
    with lab.runtime.reader(HEAD) as reader:
        found = preview(reader, MING.user)
    assert [(one["object"], one["field"], one["count"]) for one in found["records"]] == [
        ("client", "owner", 1),
        ("job", "owner", 1),
        ("job", "helper", 1),
    ]
    assert (found["person"]["label"], found["may_close"]) == ("ming", False)


def test_everything_goes_with_its_events_and_the_receiver_is_told(lab: Lab) -> None:
    client = lab.create(MING, "client")
    jobs = [lab.create(MING, "job", client=str(client["id"])) for _ in range(3)]
    helped = lab.create(FANG, "job", helper=str(MING.user))
    hand_over(lab, HEAD, MING, [LIU])
    for object, id in (("client", client["id"]), *(("job", job["id"]) for job in jobs)):
        row = lab.row(object, id)
        assert (row["owner"], row["team"]) == (LIU.user, SOUTH)
    assert (lab.row("job", helped["id"])["helper"], lab.row("job", helped["id"])["owner"]) == (
        LIU.user,
        FANG.user,
    )
    [(actor, cause)] = lab.query(
        "SELECT actor, split_part(cause, '/', 1) FROM chengdan.event WHERE record_id = %s AND kind = 'record.updated'",
        client["id"],
    )
    assert (actor, cause) == (HEAD.user, "hand_over")
    assert lab.notifications(LIU) == ["ming的 5 条记录交接给您"]
    with lab.runtime.reader(HEAD) as reader:
        [report] = past(reader)
    assert (report["moved"], report["refused"], report["state"]) == ({"client": 1, "job": 4}, [], "done")


def test_somebody_whose_account_was_closed_before_is_handed_over_and_stays_out(lab: Lab) -> None:
    client = lab.create(MING, "client")
    with lab.runtime.pool.connection() as connection:
        connection.execute('UPDATE data."user" SET active = false WHERE id = %s', (MING.user,))
    with lab.runtime.reader(KEEPER) as reader:
        found = preview(reader, MING.user)
    assert (found["person"]["active"], found["may_close"], len(found["records"])) == (False, False, 1)

    job = hand_over(lab, KEEPER, MING, [LIU], close=True)
    assert lab.row("client", client["id"])["owner"] == LIU.user
    take_back(lab, KEEPER, job)
    assert lab.row("client", client["id"])["owner"] == MING.user
    assert lab.row("user", MING.user)["active"] is False


def test_several_take_turns_and_what_belongs_together_stays_together(lab: Lab) -> None:
    clients = [lab.create(MING, "client") for _ in range(4)]
    jobs = [lab.create(MING, "job", client=str(client["id"])) for client in clients for _ in range(2)]
    hand_over(lab, HEAD, MING, [FANG, LIU])
    owners = {client["id"]: lab.row("client", client["id"])["owner"] for client in clients}
    assert sorted(owners.values()) == [FANG.user, FANG.user, LIU.user, LIU.user]
    for job in jobs:
        row = lab.row("job", job["id"])
        assert row["owner"] == owners[row["client"]]


def test_what_was_done_stays_and_what_is_kept_stays(lab: Lab) -> None:
    client = lab.create(MING, "client")
    done = lab.create(MING, "job")
    lab.query("UPDATE data.job SET stage = 'done' WHERE id = %s RETURNING 1", done["id"])
    going = lab.create(MING, "job")
    hand_over(lab, HEAD, MING, [FANG], client={"keep": True})
    owners = [
        lab.row("client", client["id"])["owner"],
        *(lab.row("job", one["id"])["owner"] for one in (done, going)),
    ]
    assert owners == [MING.user, MING.user, FANG.user]


def test_it_is_taken_back_but_for_what_went_on(lab: Lab) -> None:
    one, two = lab.create(MING, "client"), lab.create(MING, "client")
    job = hand_over(lab, KEEPER, MING, [LIU], close=True)
    with pytest.raises(Exception, match=""):
        Doorman(lab.runtime).principal_of(MING.user)
    lab.act(KEEPER, Update("client", two["id"], None, {"owner": str(FANG.user)}))
    take_back(lab, KEEPER, job)
    row = lab.row("client", one["id"])
    assert (row["owner"], row["team"], lab.row("client", two["id"])["owner"]) == (MING.user, EAST, FANG.user)
    assert Doorman(lab.runtime).principal_of(MING.user).name == "ming"
    with lab.runtime.unit(KEEPER) as unit, pytest.raises(TooLateToTakeBack):
        request_back(unit, job)


def test_what_went_into_the_pool_comes_back_with_all_that_went_along(lab: Lab) -> None:
    kept, claimed = lab.create(MING, "client"), lab.create(MING, "client")
    jobs = {one["id"]: lab.create(MING, "job", client=str(one["id"]))["id"] for one in (kept, claimed)}
    colleagues = lab.create(FANG, "job", client=str(kept["id"]))["id"]

    def owners(object: str, *ids: UUID) -> list[tuple[UUID | None, UUID | None]]:
        rows = [lab.row(object, id) for id in ids]
        return [(row["owner"], row["team"]) for row in rows]

    job = hand_over(lab, HEAD, MING, [FANG], client={"pool": True})
    assert owners("client", kept["id"], claimed["id"]) == [(None, None)] * 2
    assert owners("job", *jobs.values(), colleagues) == [(None, None), (None, None), (FANG.user, EAST)]
    with lab.runtime.reader(HEAD) as reader:
        assert past(reader)[0]["moved"] == {"client": 2, "job": 2}

    lab.act(LIU, Claim("client", claimed["id"]))
    take_back(lab, HEAD, job)
    assert owners("client", kept["id"], claimed["id"]) == [(MING.user, EAST), (LIU.user, SOUTH)]
    assert owners("job", *jobs.values(), colleagues) == [
        (MING.user, EAST),
        (LIU.user, SOUTH),
        (FANG.user, EAST),
    ]


def mailbox(lab: Lab, who: Principal, address: str) -> UUID:
    """A mail account of somebody."""
    with lab.runtime.unit(who) as unit:
        described = accounts.describe({"address": address, "smtp_host": "smtp.example.com"}, who)
        return accounts.save(unit, lab.runtime.secrets, described).id


def mailboxes(lab: Lab) -> list[tuple[Any, ...]]:
    """Whose each account is, and whether it is open."""
    return lab.query("SELECT address, owner, closed_at IS NULL FROM chengdan.mail_account ORDER BY address")


def followers(lab: Lab) -> set[tuple[UUID, UUID]]:
    return set(lab.query("SELECT record_id, user_id FROM chengdan.follower"))


def test_who_takes_a_record_follows_what_the_leaver_followed_as_far_as_they_see_it(lab: Lab) -> None:
    own, colleagues = lab.create(MING, "client"), lab.create(FANG, "client")
    far = lab.create(LIU, "client")
    for client in (own, colleagues):
        lab.act(MING, Follow("client", client["id"]))
    for client, user in ((far, MING), (own, LIU)):
        lab.query(
            "INSERT INTO chengdan.follower VALUES ('client', %s, %s, now()) RETURNING 1",
            client["id"],
            user.user,
        )
    before = followers(lab)
    with lab.runtime.reader(HEAD) as reader:
        assert preview(reader, MING.user)["beside"]["follows"] == 3
    job = hand_over(lab, HEAD, MING, [FANG], client={"to": [LIU.user]})
    assert followers(lab) == {
        (own["id"], LIU.user),
        (colleagues["id"], FANG.user),
        (far["id"], MING.user),  # fang may not see it
    }
    take_back(lab, HEAD, job)
    assert followers(lab) == before


def test_mail_accounts_go_to_a_successor_or_are_closed_and_come_back(lab: Lab) -> None:
    one, two = mailbox(lab, MING, "ming@example.com"), mailbox(lab, MING, "sales@example.com")
    with lab.runtime.reader(KEEPER) as reader:
        assert [(found["id"], found["address"]) for found in preview(reader, MING.user)["mail"]] == [
            (one, "ming@example.com"),
            (two, "sales@example.com"),
        ]
    job = hand_over(lab, KEEPER, MING, [LIU], mail={str(one): {"close": True}})
    assert mailboxes(lab) == [
        ("ming@example.com", MING.user, False),
        ("sales@example.com", LIU.user, True),
    ]
    with lab.runtime.reader(MING) as reader:
        assert accounts.usable(reader) == []
        assert accounts.find(reader.connection, one) is None
    assert lab.notifications(LIU) == ["ming的邮箱 sales@example.com 交接给您"]
    with lab.runtime.reader(KEEPER) as reader:
        assert past(reader)[0]["beside"] == {"mail": 1, "mail_closed": 1}

    take_back(lab, KEEPER, job)
    assert mailboxes(lab) == [("ming@example.com", MING.user, True), ("sales@example.com", MING.user, True)]


def test_a_closed_address_is_free_and_then_stays_with_who_took_it(lab: Lab) -> None:
    old = mailbox(lab, MING, "ming@example.com")
    job = hand_over(lab, KEEPER, MING, [LIU], mail={str(old): {"close": True}})
    mailbox(lab, FANG, "Ming@example.com")
    take_back(lab, KEEPER, job)
    assert sorted(mailboxes(lab)) == [
        ("Ming@example.com", FANG.user, True),
        ("ming@example.com", MING.user, False),
    ]
    with lab.runtime.reader(KEEPER) as reader:
        [reason] = past(reader)[0]["refused"]
    assert (reason["object"], reason["code"]) == ("", "MAIL-003")


def test_a_mail_account_must_go_somewhere(lab: Lab) -> None:
    id = mailbox(lab, MING, "ming@example.com")
    with lab.runtime.reader(HEAD) as reader:
        rules = {place.object: {"keep": True} for place in places(reader)}
    for error, mail in (
        (ReceiverMissing, {}),
        (BadReceiver, {str(id): {"to": MING.user}}),
        (NotFound, {str(UUID(int=7)): {"close": True}}),
    ):
        with lab.runtime.unit(HEAD) as unit, pytest.raises(error):
            request(unit, MING.user, rules, [], close=False, mail=mail)
    assert mailboxes(lab) == [("ming@example.com", MING.user, True)]


def test_what_is_asked_wrongly_is_refused_and_nothing_moves(lab: Lab) -> None:
    client = lab.create(MING, "client")
    for error, who, person, given, rest in (
        (NotPermitted, FANG, MING, {}, [LIU.user]),
        (Forbidden, HEAD, LIU, {}, [FANG.user]),
        (Forbidden, HEAD, HEAD, {}, [FANG.user]),
        (BadReceiver, HEAD, MING, {}, [MING.user]),
        (BadReceiver, HEAD, MING, {}, [UUID(int=7)]),
        (ReceiverMissing, HEAD, MING, {"client": {"to": [FANG.user]}}, []),
        (NoPoolForIt, HEAD, MING, {"job": {"pool": True}}, [FANG.user]),
    ):
        with lab.runtime.unit(who) as unit, pytest.raises(error):
            request(unit, person.user, given, rest, close=False)
    with lab.runtime.unit(HEAD) as unit, pytest.raises(NotPermitted):
        request(unit, MING.user, {}, [FANG.user], close=True)
    assert lab.row("client", client["id"])["owner"] == MING.user
    assert lab.query("SELECT count(*) FROM chengdan.job") == [(0,)]


def test_a_job_that_was_killed_goes_on_with_what_is_left(lab: Lab) -> None:
    for number in range(60):
        lab.act(MING, Create("client", {"name": f"c{number}"}))
    with lab.runtime.unit(HEAD) as unit:
        job = request(unit, MING.user, {}, [LIU.user], close=False)
    doorman, asked = Doorman(lab.runtime), iter([False, True])
    with pytest.raises(Exception, match=""):
        perform(doorman, job, stopping=lambda: next(asked, True))
    [(left,)] = lab.query("SELECT count(*) FROM data.client WHERE owner = %s", MING.user)
    assert left < 60
    perform(doorman, job)
    assert lab.query("SELECT count(*) FROM data.client WHERE owner = %s", LIU.user) == [(60,)]


# --- who may take it back, and of which hand-overs


def can_take_back(lab: Lab, who: Principal) -> list[bool]:
    """Of each hand-over that somebody sees, newest first, whether it says that they can take it back."""
    with lab.runtime.reader(who) as reader:
        return [one["can_take_back"] for one in past(reader) if not one["back"]]


def state(lab: Lab, job: UUID) -> JobState:
    return JobState(lab.query("SELECT state FROM chengdan.job WHERE id = %s", job)[0][0])


def held_by(lab: Lab, who: Principal) -> int:
    return int(lab.query("SELECT count(*) FROM data.client WHERE owner = %s", who.user)[0][0])


def begun(lab: Lab, who: Principal, *, close: bool = False) -> UUID:
    """A hand-over of Ming's sixty clients to Liu that was interrupted after its first part."""
    for number in range(60):
        lab.act(MING, Create("client", {"name": f"c{number}"}))
    with lab.runtime.unit(who) as unit:
        job = request(unit, MING.user, {}, [LIU.user], close=close)
    with pytest.raises(JobInterrupted):
        perform(Doorman(lab.runtime), job, stopping=lambda: True)
    assert (held_by(lab, LIU), held_by(lab, MING)) == (50, 10)
    return job


def test_nobody_takes_back_what_somebody_else_handed_over_but_those_who_manage_users(lab: Lab) -> None:
    client = lab.create(MING, "client")
    job = hand_over(lab, HEAD, MING, [LIU])
    with lab.runtime.unit(BOSS) as unit, pytest.raises(NotFound):
        request_back(unit, job)
    assert (can_take_back(lab, BOSS), can_take_back(lab, HEAD), can_take_back(lab, KEEPER)) == (
        [],
        [True],
        [True],
    )
    assert lab.query("SELECT count(*) FROM chengdan.job") == [(1,)]
    take_back(lab, KEEPER, job)
    assert lab.row("client", client["id"])["owner"] == MING.user


def test_a_hand_over_of_somebody_out_of_ones_teams_is_not_taken_back(lab: Lab) -> None:
    client = lab.create(MING, "client")
    job = hand_over(lab, HEAD, MING, [LIU])
    lab.act(KEEPER, Update("user", MING.user, None, {"team": str(SOUTH)}))
    with lab.runtime.unit(HEAD) as unit, pytest.raises(Forbidden):
        request_back(unit, job)
    assert (can_take_back(lab, HEAD), can_take_back(lab, KEEPER)) == ([False], [True])
    assert lab.row("client", client["id"])["owner"] == LIU.user


def test_only_who_manages_users_lets_somebody_in_again(lab: Lab) -> None:
    lab.create(MING, "client")
    job = hand_over(lab, KEEPER, MING, [LIU], close=True)
    demoted = Principal(KEEPER.user, "keeper", frozenset({"head"}), (HQ,), (HQ, EAST, SOUTH))
    with lab.runtime.unit(demoted) as unit, pytest.raises(NotPermitted):
        request_back(unit, job)
    assert can_take_back(lab, demoted) == [False]
    assert (lab.row("user", MING.user)["active"], held_by(lab, LIU)) == (False, 1)


def test_who_may_take_it_back_is_looked_at_again_when_it_is_done(lab: Lab) -> None:
    lab.create(MING, "client")
    job = hand_over(lab, KEEPER, MING, [LIU], close=True)
    with lab.runtime.unit(KEEPER) as unit:
        back = request_back(unit, job)
    lab.query(
        "UPDATE data.\"user\" SET roles = '{head}', team = %s WHERE id = %s RETURNING 1", HQ, KEEPER.user
    )
    perform(Doorman(lab.runtime), back)
    assert state(lab, back) is JobState.FAILED
    assert (lab.row("user", MING.user)["active"], held_by(lab, LIU)) == (False, 1)


def test_a_hand_over_that_was_cancelled_is_taken_back(lab: Lab) -> None:
    job = begun(lab, HEAD)
    assert can_take_back(lab, HEAD) == [False]
    with lab.runtime.unit(HEAD) as unit, pytest.raises(TooLateToTakeBack):
        request_back(unit, job)
    with lab.runtime.unit(HEAD) as unit:
        assert jobs.cancel(unit, job).state is JobState.CANCELLED
    assert can_take_back(lab, HEAD) == [True]
    take_back(lab, HEAD, job)
    assert (held_by(lab, LIU), held_by(lab, MING), can_take_back(lab, HEAD)) == (0, 60, [False])


def test_a_hand_over_that_failed_is_taken_back(lab: Lab) -> None:
    def fail(runtime: Runtime, progress: Progress) -> Mapping[str, Any]:
        raise LookupError("a bug")

    job = begun(lab, HEAD)
    perform(Doorman(lab.runtime), job, {"hand_over": fail})
    assert (state(lab, job), can_take_back(lab, HEAD)) == (JobState.FAILED, [True])
    take_back(lab, HEAD, job)
    assert (held_by(lab, LIU), held_by(lab, MING)) == (0, 60)


def test_a_hand_over_that_moved_nothing_is_not_taken_back(lab: Lab) -> None:
    with lab.runtime.unit(HEAD) as unit:
        job = request(unit, MING.user, {}, [LIU.user], close=False)
        jobs.cancel(unit, job)
    with lab.runtime.unit(HEAD) as unit, pytest.raises(TooLateToTakeBack):
        request_back(unit, job)
    assert can_take_back(lab, HEAD) == [False]


def test_taking_back_lets_nobody_in_whom_the_hand_over_had_not_shut_out_yet(lab: Lab) -> None:
    job = begun(lab, KEEPER, close=True)
    with lab.runtime.unit(KEEPER) as unit:
        jobs.cancel(unit, job)
    lab.act(KEEPER, Update("user", MING.user, None, {"active": False}))
    take_back(lab, KEEPER, job)
    assert (held_by(lab, MING), lab.row("user", MING.user)["active"]) == (60, False)
