"""Shares with people and teams, for good or for a while; and why somebody can see a record, or cannot."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from chengdan.base.errors import ChengdanError
from chengdan.base.ids import new_id
from chengdan.kernel.access import Act, Principal, Scope
from chengdan.run.access import Access, explain_access
from chengdan.run.commands import Merge, Share, Unshare, Update
from chengdan.run.errors import NotFound
from chengdan.run.merging import Moving, merge_preview
from chengdan.run.sharing import ShareEnded, shares_of
from tests.databases import Databases
from tests.lab.lab import AUDITOR, BOSS, EAST, EASTERNER, HEAD, LIU, MING, SOUTH, Lab, open_lab


@pytest.fixture(scope="module")
def lab(databases: Databases, lab_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    home: Path = tmp_path_factory.mktemp("sharing")
    with databases.fresh(lab_database) as url, open_lab(url, home) as lab:
        yield lab


def explained(lab: Lab, who: Principal, object: str, id: Any, person: Principal) -> Access:
    with lab.runtime.reader(who) as reader:
        return explain_access(reader, object, id, person)


def held(access: Access) -> list[tuple[Act, Scope]]:
    return [(reason.act, reason.scope) for reason in access.reasons if reason.holds]


def test_a_share_ends_by_itself(lab: Lab) -> None:
    made = lab.create(MING, "job", name="限时项目")
    until = lab.clock() + timedelta(hours=1)
    lab.act(MING, Share("job", made["id"], LIU.user, "read", until))
    assert lab.names(LIU, "job", 'name == "限时项目"') == ["限时项目"]
    with lab.runtime.reader(MING) as reader:
        [share] = shares_of(reader, "job", made["id"])
    assert (share["user"]["label"], share["until"], share["by"]["label"]) == ("liu", until, "ming")

    lab.query("UPDATE chengdan.share SET until = now() WHERE record_id = %s RETURNING 1", made["id"])
    assert lab.names(LIU, "job", 'name == "限时项目"') == []
    lab.refused(NotFound, LIU, Update("job", made["id"], 1, {"value": 1}))
    with lab.runtime.reader(MING) as reader:
        assert shares_of(reader, "job", made["id"]) == []


def test_a_share_that_has_ended_already_is_refused(lab: Lab) -> None:
    made = lab.create(MING, "job")
    ended = Share("job", made["id"], LIU.user, "read", lab.clock() - timedelta(seconds=1))
    assert lab.refused(ShareEnded, MING, ended).code == "ACCESS-004"


def test_a_team_s_share_reaches_its_members_and_who_leads_it_from_above(lab: Lab) -> None:
    made = lab.create(MING, "job", name="跨区项目")
    lab.act(MING, Share("job", made["id"], SOUTH, "update"))
    assert lab.names(LIU, "job", 'name == "跨区项目"') == ["跨区项目"]
    lab.act(LIU, Update("job", made["id"], 1, {"value": 7}))
    with lab.runtime.reader(MING) as reader:
        [share] = shares_of(reader, "job", made["id"])
    assert (share["team"], share["act"]) == ({"id": SOUTH, "label": "华南"}, "update")
    assert lab.events(made["id"])[1] == (
        "record.shared",
        {"team": str(SOUTH), "act": "update", "until": None},
    )

    lab.act(MING, Unshare("job", made["id"], SOUTH))
    assert lab.names(LIU, "job", 'name == "跨区项目"') == []
    assert lab.events(made["id"])[-1] == ("record.unshared", {"team": str(SOUTH)})


def test_a_share_needs_a_user_or_a_team(lab: Lab) -> None:
    made = lab.create(MING, "job")
    assert lab.refused(ChengdanError, MING, Share("job", made["id"], new_id())).code == "VALUE-005"


def test_every_way_to_a_record_is_explained(lab: Lab) -> None:
    made = lab.create(MING, "job")
    own = explained(lab, MING, "job", made["id"], MING)
    assert held(own) == [(Act.READ, Scope.OWN), (Act.READ, Scope.TEAM), (Act.UPDATE, Scope.OWN)]
    assert own.reasons[0].fact.en == "the owner is ming"

    above = explained(lab, MING, "job", made["id"], BOSS)
    assert held(above) == [(Act.READ, Scope.TEAM_TREE), (Act.UPDATE, Scope.TEAM_TREE)]
    assert above.because(Act.READ)[0].fact.zh == "记录的团队：总部 › 华东"


def test_what_keeps_somebody_out_is_explained(lab: Lab) -> None:
    made = lab.create(MING, "job")
    found = explained(lab, MING, "job", made["id"], LIU)
    assert not found.may(Act.READ)
    assert [reason.text.en for reason in found.reasons if reason.act is Act.READ] == [
        "does not own the record",
        "the record was not shared with them",
        "the record is not in their team",
    ]

    lab.act(MING, Share("job", made["id"], LIU.user))
    shared = explained(lab, MING, "job", made["id"], LIU)
    assert (shared.may(Act.READ), shared.may(Act.UPDATE)) == (True, False)
    assert shared.because(Act.READ)[0].fact.zh == "由ming共享，只读"


def test_a_record_rule_is_told_apart_from_its_scope(lab: Lab) -> None:
    secret = lab.create(MING, "job", secret=True)
    [way] = [
        reason
        for reason in explained(lab, MING, "job", secret["id"], EASTERNER).reasons
        if reason.act is Act.READ
    ]
    assert (way.in_scope, way.ruled, way.by_rule, way.holds) == (True, True, False, False)
    assert way.where == 'client.region == "east" and not secret'


def test_a_role_that_says_nothing_about_the_object_is_named(lab: Lab) -> None:
    part = lab.create(MING, "part")
    found = explained(lab, MING, "part", part["id"], AUDITOR)
    assert (found.reasons, [label.en for label in found.silent]) == ([], ["Auditor"])


def test_a_merge_tells_first_what_it_moves_and_takes_shares_along(lab: Lab) -> None:
    target, source = lab.create(HEAD, "client", name="留"), lab.create(HEAD, "client", name="并")
    for value in (1, 2):
        lab.create(HEAD, "job", client=str(source["id"]), value=value)
    lab.attach(HEAD, "client", source["id"], "plan")
    lab.act(HEAD, Share("client", source["id"], LIU.user, "update"))
    lab.act(HEAD, Share("client", source["id"], EAST))
    lab.act(HEAD, Share("client", target["id"], LIU.user))
    with lab.runtime.reader(HEAD) as reader:
        found = merge_preview(reader, "client", source["id"])
    assert (found.children, found.others, found.files, found.shares) == (
        [Moving("job", "client", 2)],
        0,
        1,
        2,
    )

    lab.act(HEAD, Merge("client", target["id"], source["id"]))
    with lab.runtime.reader(HEAD) as reader:
        shares = shares_of(reader, "client", target["id"])
    given = {(one["user"] if "user" in one else one["team"])["label"]: one["act"] for one in shares}
    assert given == {"liu": "read", "华东": "read"}
