"""Public links: what a token opens, until when, how often, and what is kept of it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from chengdan.run import links
from chengdan.run.links import LinkExpired, LinkSpent, LinkUnknown, TooManyVisits, Wanted
from chengdan.store.links import SLOT
from tests.lab.lab import MING, Lab

HOUR = timedelta(hours=1)


def made(lab: Lab, *, single: bool = True, **data: Any) -> tuple[UUID, str]:
    job = lab.create(MING, "job")
    with lab.runtime.unit(MING) as unit:
        return links.make(unit, Wanted("look", "job", job["id"], data, unit.now + HOUR, single))


def test_a_token_opens_what_it_was_made_for(lab: Lab) -> None:
    id, token = made(lab, colour="green")
    link = links.opened(lab.runtime, token, "10.0.0.1")
    assert (link.id, link.purpose, link.object, link.data) == (id, "look", "job", {"colour": "green"})
    assert (link.created_by, link.used_at, link.opened_at) == (MING.user, None, None)
    assert links.note_opened(lab.runtime, link) is True
    assert links.note_opened(lab.runtime, link) is False
    assert links.opened(lab.runtime, token, "10.0.0.1").opened_at is not None


def test_only_hashes_of_token_and_address_are_kept(lab: Lab) -> None:
    _, token = made(lab)
    links.opened(lab.runtime, token, "203.0.113.77")
    kept = lab.query("SELECT l::text FROM chengdan.public_link l")
    kept += lab.query("SELECT v::text FROM chengdan.public_visit v")
    assert kept
    assert not [text for (text,) in kept if token in text or "203.0.113.77" in text]


def test_a_single_link_is_used_once_whoever_is_faster(lab: Lab) -> None:
    _, token = made(lab)
    link = links.opened(lab.runtime, token, "10.0.0.2")
    with lab.runtime.unit(links.acting(lab.runtime, link), links.CAUSE) as unit:
        links.use(unit, link)
    with pytest.raises(LinkSpent), lab.runtime.unit(links.acting(lab.runtime, link), links.CAUSE) as unit:
        links.use(unit, link)
    with pytest.raises(LinkSpent):
        links.opened(lab.runtime, token, "10.0.0.2")


def test_a_link_runs_out(lab: Lab) -> None:
    _, token = made(lab, single=False)
    lab.clock.ahead += timedelta(minutes=61)
    with pytest.raises(LinkExpired):
        links.opened(lab.runtime, token, "10.0.0.3")


def test_a_link_that_was_taken_back_is_as_if_it_never_was(lab: Lab) -> None:
    id, token = made(lab, form="a")
    _, other = made(lab, form="a")
    link = links.opened(lab.runtime, token, "10.0.0.4")
    with lab.runtime.unit(MING) as unit:
        links.revoke(unit, link.record, "look", {"form": "a"})
    with pytest.raises(LinkUnknown):
        links.opened(lab.runtime, token, "10.0.0.4")
    assert links.opened(lab.runtime, other, "10.0.0.4").id != id
    with pytest.raises(LinkSpent), lab.runtime.unit(MING) as unit:
        links.use(unit, link)


def test_wrong_tokens_are_soon_too_many_and_right_ones_much_later(lab: Lab) -> None:
    _, token = made(lab)
    lab.clock.ahead += SLOT - timedelta(seconds=lab.clock().timestamp() % SLOT.total_seconds())
    for _ in range(links.WRONG_TOKENS):
        with pytest.raises(LinkUnknown):
            links.opened(lab.runtime, "nothing", "10.0.0.5")
    with pytest.raises(TooManyVisits):
        links.opened(lab.runtime, "nothing", "10.0.0.5")
    for _ in range(links.VISITS):
        links.opened(lab.runtime, token, "10.0.0.5")
    with pytest.raises(TooManyVisits):
        links.opened(lab.runtime, token, "10.0.0.5")
    with pytest.raises(TooManyVisits):
        links.opened(lab.runtime, token, "10.0.0.6")
    lab.clock.ahead += timedelta(minutes=6)
    assert links.opened(lab.runtime, token, "10.0.0.5").used_at is None
