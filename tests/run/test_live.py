"""The live stream's reading of the journal: what is told to be all there was is all there was."""

from collections.abc import Iterator
from contextlib import contextmanager
from queue import Queue

import pytest

from chengdan.run import live
from chengdan.run.live import Hub, News, missed, told
from tests.lab.happening import happen
from tests.lab.lab import MING, Lab

SECONDS = 30


@contextmanager
def hearing(lab: Lab) -> Iterator["Queue[News]"]:
    happen(lab, [])
    hub, heard = Hub(lab.runtime), Queue[News]()
    listener = hub.listen(MING.user, heard.put)
    hub.start()
    try:
        yield heard
    finally:
        hub.leave(listener)
        hub.stop()


def heard_of(queue: "Queue[News]", count: int) -> list[News]:
    """The news until so many events were heard of."""
    news: list[News] = []
    while sum(len(one.events) for one in news) < count:
        news.append(queue.get(timeout=SECONDS))
    return news


def test_who_slept_through_more_than_is_told_of_reads_anew(lab: Lab) -> None:
    most = live.MAX_MISSED * 3 // 4
    news = missed(lab.runtime, happen(lab, [most, most]))
    assert (len(news.events), news.all) == (most, False)
    assert told(lab.runtime, MING, news) == [("snapshot", {"version": lab.runtime.snapshot.version})]


def test_who_missed_just_as_much_as_is_told_of_reads_on(lab: Lab) -> None:
    news = missed(lab.runtime, happen(lab, [live.MAX_MISSED]))
    assert (len(news.events), news.all) == (live.MAX_MISSED, True)


def test_what_is_heard_in_several_parts_is_all_there(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "MAX_EVENTS", 10)
    with hearing(lab) as queue:
        happen(lab, [10, 6, 10])
        assert all(news.all for news in heard_of(queue, 27))


def test_of_a_transaction_that_is_heard_of_in_part_the_page_reads_anew(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "MAX_EVENTS", 10)
    with hearing(lab) as queue:
        happen(lab, [11])
        assert [news.all for news in heard_of(queue, 11)] == [True, False]
