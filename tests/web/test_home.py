"""The home over HTTP: the catalog says which panels there are, one request what they show."""

import pytest

from tests.sales.manifests import snapshot
from tests.web.site import Site, Visitor

OPEN = "NOT stage IN ('won', 'lost') AND archived_at IS NULL"
LONG_AGO = "now() - interval '5 days'"


@pytest.fixture(autouse=True, scope="module")
def five_days_without_anything(site: Site) -> None:
    """However much was done lately in so small a company on the day of the test."""
    with site.runtime.pool.connection() as connection:
        connection.execute(
            f"UPDATE data.opportunity SET updated_at = {LONG_AGO}, last_activity_at = {LONG_AGO} WHERE {OPEN}"
        )


def test_every_role_has_a_home_that_one_request_answers(
    rep: Visitor, manager: Visitor, admin: Visitor
) -> None:
    for visitor, of, whose in ((rep, "mine", "mine"), (manager, "choice", "all"), (admin, "all", "all")):
        described = visitor.json("GET", "/api/catalog")["home"]
        found = visitor.json("GET", "/api/home")

        assert described["of"] == of
        assert found["whose"] == whose
        assert list(found["panels"]) == [panel["name"] for panel in described["panels"]]
        assert [name for name, answer in found["panels"].items() if "error" in answer] == []


def test_no_role_is_without_a_home_and_none_names_a_panel_that_it_may_not_see(admin: Visitor) -> None:
    for role in snapshot().roles.values():
        assert len(role.home) >= 10, role.name


def test_a_manager_turns_to_their_own(manager: Visitor) -> None:
    team, own = manager.json("GET", "/api/home"), manager.json("GET", "/api/home?whose=mine")

    assert (team["whose"], own["whose"]) == ("all", "mine")
    assert team["panels"]["silent"]["count"] > own["panels"]["silent"]["count"]


def test_a_reps_silent_opportunities_say_what_holds_them_up(rep: Visitor) -> None:
    found = rep.json("GET", "/api/home?panels=silent&limit=200")["panels"]

    assert list(found) == ["silent"]
    items, blockers = found["silent"]["items"], found["silent"]["blockers"]
    assert {item["id"] for item in items} == set(blockers)
    verdict = rep.json(
        "GET", f"/api/records/opportunity/{items[0]['id']}/gate?to={blockers[items[0]['id']]['to']}"
    )
    unmet = blockers[items[0]["id"]]["unmet"]
    assert [item["hard"] for item in unmet] == sorted((item["hard"] for item in unmet), reverse=True)
    assert {reason["deliverable"] for reason in verdict["reasons"]} == {item["name"] for item in unmet}


def test_what_is_asked_wrongly_is_refused(rep: Visitor) -> None:
    assert rep.json("GET", "/api/home?whose=theirs", status=422)["errors"][0]["path"] == "whose"
    assert rep.json("GET", "/api/home?limit=201", status=422)["errors"][0]["path"] == "limit"
    assert rep.json("GET", "/api/home?panels=moon", status=404)["code"] == "HOME-001"
