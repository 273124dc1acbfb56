"""The live stream: what happens, to those who may see it, with nothing lost when it breaks."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Queue
from typing import NamedTuple

import httpx
import pytest

from chengdan.run import apps
from tests.web.site import Json, Site, Visitor

OPPORTUNITIES = "/api/records/opportunity"
SECONDS = 60


class Heard(NamedTuple):
    id: str
    name: str
    data: Json


class Ear:
    """Listens to a stream in a thread of its own."""

    def __init__(self) -> None:
        self.events: Queue[Heard] = Queue()
        self.open = threading.Event()
        self.ended = threading.Event()

    def next(self, name: str, **data: object) -> Heard:
        """The next event of that name whose data hold these."""
        while True:
            heard = self.events.get(timeout=SECONDS)
            if heard.name == name and data.items() <= heard.data.items():
                return heard

    def listen(self, response: httpx.Response) -> None:
        fields: dict[str, str] = {}
        try:
            for line in response.iter_lines():
                self.open.set()
                if line:
                    name, _, value = line.partition(": ")
                    fields[name] = value
                elif "event" in fields:
                    self.events.put(Heard(fields["id"], fields["event"], json.loads(fields["data"])))
                    fields = {}
        except (httpx.TransportError, httpx.StreamError):
            pass
        self.ended.set()


@contextmanager
def listening(visitor: Visitor, last: str = "", after: str = "") -> Iterator[Ear]:
    ear = Ear()
    asked = {"after": after} if after else {}
    headers = {"Last-Event-ID": last} if last else {}
    timeout = httpx.Timeout(SECONDS, read=None)
    with visitor.stream("GET", "/api/live", params=asked, headers=headers, timeout=timeout) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        assert response.headers["x-accel-buffering"] == "no"
        thread = threading.Thread(target=ear.listen, args=(response,), daemon=True)
        thread.start()
        assert ear.open.wait(SECONDS)
        yield ear
        connection = response.extensions["network_stream"].get_extra_info("socket")
        connection.shutdown(socket.SHUT_RDWR)
        thread.join(SECONDS)


@pytest.fixture
def pair(site: Site) -> tuple[Visitor, Visitor]:
    """The same rep twice: one listens, one works."""
    return site.log_in("rep"), site.log_in("rep")


def test_a_change_is_heard_by_who_may_see_it(pair: tuple[Visitor, Visitor]) -> None:
    listener, worker = pair
    with listening(listener) as ear:
        made = worker.json("POST", OPPORTUNITIES, {"name": "直播"}, 201)
        heard = ear.next("record", id=made["id"])

    assert heard.data == {"object": "opportunity", "id": made["id"], "kind": "record.created", "version": 1}


def test_an_archived_record_is_heard_of_too(site: Site) -> None:
    listener, worker = site.log_in("manager"), site.log_in("manager")
    made = worker.json("POST", OPPORTUNITIES, {"name": "直播归档"}, 201)
    with listening(listener) as ear:
        worker.json("DELETE", f"{OPPORTUNITIES}/{made['id']}")
        assert ear.next("record", id=made["id"]).data["kind"] == "record.archived"


def test_a_hidden_record_is_never_heard_of(site: Site, pair: tuple[Visitor, Visitor]) -> None:
    admin, (listener, worker) = site.log_in("admin"), pair
    with listening(listener) as ear:
        hidden = admin.json("POST", OPPORTUNITIES, {"name": "隐藏"}, 201)
        last = worker.json("POST", OPPORTUNITIES, {"name": "可见"}, 201)
        before = heard_until(ear, last["id"])

    assert hidden["id"] not in before


def heard_until(ear: Ear, id: str) -> list[str]:
    """The ids of the records heard of until one is."""
    ids: list[str] = []
    while id not in ids:
        ids.append(ear.next("record").data["id"])
    return ids


def test_a_stream_goes_on_where_it_stopped(pair: tuple[Visitor, Visitor]) -> None:
    listener, worker = pair
    with listening(listener) as ear:
        first = worker.json("POST", OPPORTUNITIES, {"name": "之前"}, 201)
        last = ear.next("record", id=first["id"]).id
    missed = [worker.json("POST", OPPORTUNITIES, {"name": f"之间{n}"}, 201)["id"] for n in range(3)]
    with listening(listener, last) as ear:
        heard = heard_until(ear, missed[-1])

    assert set(missed) <= set(heard)


def test_a_stream_begins_where_the_page_began_to_read(pair: tuple[Visitor, Visitor]) -> None:
    listener, worker = pair
    place = listener.json("GET", "/api/me")["place"]
    made = worker.json("POST", OPPORTUNITIES, {"name": "读取之后、开流之前"}, 201)
    with listening(listener, after=place) as ear:
        assert ear.next("record", id=made["id"]).data["kind"] == "record.created"


def test_a_place_that_is_none_is_no_error(pair: tuple[Visitor, Visitor]) -> None:
    listener, worker = pair
    for last in ("x", "-1", "9" * 30):
        with listening(listener, last) as ear:
            made = worker.json("POST", OPPORTUNITIES, {"name": "位置"}, 201)
            assert ear.next("record", id=made["id"])


def test_a_notification_is_heard_with_its_words_by_whom_it_is_for(site: Site) -> None:
    admin, rep = site.log_in("admin"), site.log_in("rep")
    task = {"subject": "请回访", "due_on": "2030-01-01", "owner": rep.me["id"]}
    before, unread = admin.json("GET", "/api/notifications"), rep.json("GET", "/api/notifications")["unread"]
    with listening(rep) as ear:
        admin.json("POST", "/api/records/task", task, 201)
        heard = ear.next("notification")
    listed = rep.json("GET", "/api/notifications")

    assert heard.data == listed["items"][0]
    assert heard.data["message"].keys() == {"zh", "en"}
    assert listed["unread"] == unread + 1
    rep.json("POST", "/api/notifications/read", {"ids": [heard.data["id"]]}, 204)
    assert rep.json("GET", "/api/notifications")["unread"] == unread
    assert admin.json("GET", "/api/notifications") == before


def test_a_publication_is_heard_by_everybody(own_site: Site) -> None:
    listener = own_site.log_in("rep")
    with listening(listener) as ear:
        own_site.runtime.publish(apps.shipped("chengdan.sales"))
        assert ear.next("snapshot").data == {"version": 2}


def test_a_stream_ends_with_its_session(own_site: Site) -> None:
    listener, worker = own_site.log_in("rep"), own_site.log_in("rep")
    with listening(listener) as ear:
        listener.json("POST", "/api/auth/logout", {}, 204)
        worker.json("POST", OPPORTUNITIES, {"name": "之后"}, 201)
        assert ear.ended.wait(SECONDS)
        assert ear.events.empty()
