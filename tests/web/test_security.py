"""What every response carries, and the page's own files."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from chengdan.web.security import HEADERS
from chengdan.web.static import Page
from tests.web.site import Site, Visitor, running

PATHS = [
    "/",
    "/records/opportunity",
    "/api/me",
    "/api/health",
    "/api/nothing",
    "/assets/none.js",
    "/api/live",
]


@pytest.mark.parametrize("path", PATHS)
def test_every_response_carries_the_policy(site: Site, path: str) -> None:
    headers = site.stranger().get(path).headers

    assert {name: headers[name] for name in HEADERS} == HEADERS
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unsafe-eval" not in headers["content-security-policy"]
    assert "'unsafe-inline'" not in headers["content-security-policy"].partition("script-src")[2]
    assert "server" not in headers


def test_answers_of_the_api_are_not_stored(rep: Visitor) -> None:
    assert rep.get("/api/me").headers["cache-control"] == "no-store"
    assert rep.get("/api/catalog").headers["cache-control"] == "private, no-cache"


def test_health_says_version_and_snapshot_to_anybody(site: Site) -> None:
    assert site.stranger().get("/api/health").json() == {
        "status": "ok",
        "version": "0.1.0",
        "snapshot": 1,
        "demo": True,
    }


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[httpx.Client]:
    """Somebody who looks at a small built page; a file beside its folder is none of their business."""
    folder = tmp_path / "static"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html>成单" + " " * 2_000)
    (folder / "assets" / "main-abc123.js").write_text("console.log(1)" * 200)
    (tmp_path / "secret.txt").write_text("secret")
    with running(page_of(folder)) as url, httpx.Client(base_url=url) as client:
        yield client


def page_of(folder: Path) -> Starlette:
    return Starlette(routes=[Route("/{path:path}", Page(folder).answer)])


def test_the_page_answers_for_every_address_that_it_routes_itself(reader: httpx.Client) -> None:
    for path in ("/", "/records/opportunity", "/records/opportunity/1?tab=files"):
        answer = reader.get(path)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-cache")
        assert answer.text.startswith("<!doctype html>成单")


def test_hashed_files_are_kept_for_ever_and_others_asked_for_again(reader: httpx.Client) -> None:
    answer = reader.get("/assets/main-abc123.js", headers={"Accept-Encoding": "gzip"})

    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"].startswith(("text/javascript", "application/javascript"))
    assert answer.headers["content-encoding"] == "gzip"
    again = reader.get("/", headers={"If-None-Match": reader.get("/").headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/assets/none.js",
        "/..%2fsecret.txt",
        "/assets/..%2f..%2fsecret.txt",
        "/%2fetc%2fpasswd.txt",
        "/a%00.txt",
    ],
)
def test_nothing_outside_the_page_is_served(reader: httpx.Client, path: str) -> None:
    answer = reader.get(path)

    assert (answer.status_code, "secret" in answer.text) == (404, False)


def test_a_page_that_is_not_built_says_how_to_build_it(tmp_path: Path) -> None:
    with running(page_of(tmp_path)) as url:
        answer = httpx.get(url)

    assert (answer.status_code, "make ui" in answer.text) == (503, True)
