"""The public room: open to anybody with a token, and to nothing else."""

import pytest

from chengdan.web.security import PUBLIC_HEADERS
from tests.web.site import Site

UNKNOWN = "/api/public/nothing"


@pytest.mark.parametrize("path", [UNKNOWN, f"{UNKNOWN}/pages/1"])
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_token_that_opens_nothing_says_so_in_the_visitor_s_language(
    site: Site, path: str, language: str
) -> None:
    answer = site.stranger(**{"Accept-Language": language}).get(path)

    assert (answer.status_code, answer.json()["code"]) == (404, "LINK-001")
    assert answer.json()["detail"].isascii() is (language == "en")


def test_what_the_room_says_is_kept_by_nobody_and_leads_nowhere(site: Site) -> None:
    for path in (UNKNOWN, "/p/nothing"):
        answer = site.stranger().get(path)
        assert {name: answer.headers[name] for name in PUBLIC_HEADERS} == PUBLIC_HEADERS
        assert "set-cookie" not in answer.headers


def test_a_session_makes_no_difference(site: Site) -> None:
    rep = site.log_in("rep")

    assert rep.get(UNKNOWN).status_code == 404
    assert rep.post(UNKNOWN, json={}).json()["code"] == "LINK-001"
