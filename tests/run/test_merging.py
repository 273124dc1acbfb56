"""Merging to the last child: archived ones go along, and those that come meanwhile are not left on the duplicate."""

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest

from chengdan.base.errors import Problems
from chengdan.base.ids import new_id
from chengdan.run.action import apply
from chengdan.run.commands import Archive, Create, Merge, Restore, Update
from chengdan.run.errors import NoSuchReference
from chengdan.run.merging import Moving, merge_preview
from chengdan.store.preload import preload
from tests.lab.lab import HEAD, KEEPER, WRONG_ROLLUPS, Lab
from tests.lab.manifests import edited, manifests
from tests.run.workers import eventually

WAITING = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)
RULE = """\
rule: follow_client
label: {zh: a, en: a}
object: job
on: {updated: [client]}
do:
  - set: {urgent: 'true'}
"""


def two(lab: Lab) -> tuple[UUID, UUID]:
    """The record that stays, and its duplicate."""
    return lab.create(HEAD, "client", name="真")["id"], lab.create(HEAD, "client", name="重复")["id"]


def archived(lab: Lab, client: UUID, **values: Any) -> UUID:
    """A job of a client that was archived."""
    id: UUID = lab.create(HEAD, "job", client=str(client), **values)["id"]
    lab.act(KEEPER, Archive("job", id))
    return id


# --- what is archived goes along


def test_archived_children_go_along_and_stay_archived(lab: Lab) -> None:
    target, source = two(lab)
    lab.create(HEAD, "job", client=str(source), value=10)
    old = archived(lab, source, value=50)
    before = lab.row("job", old)
    with lab.runtime.reader(HEAD) as reader:
        assert merge_preview(reader, "client", source).children == [Moving("job", "client", 2)]
    lab.act(HEAD, Merge("client", target, source))
    after = lab.row("job", old)
    assert (after["client"], after["archived_at"], after["version"]) == (
        target,
        before["archived_at"],
        before["version"] + 1,
    )
    assert lab.events(old)[-1] == (
        "record.updated",
        {"changes": {"client": [str(source), str(target)]}, "version": after["version"]},
    )
    assert lab.query("SELECT 1 FROM data.job WHERE client = %s", source) == []
    row = lab.row("client", target)
    assert (row["job_count"], row["open_value"]) == (1, 10)
    lab.act(KEEPER, Restore("job", old))
    row = lab.row("client", target)
    assert (row["job_count"], row["open_value"], lab.row("client", source)["job_count"]) == (2, 60, 0)
    assert lab.query(WRONG_ROLLUPS) == []


def test_what_is_archived_sets_off_no_rule_and_is_held_up_by_no_lock(own_lab: Lab) -> None:
    locked = edited("objects/job.yaml", "label: {zh: 客户, en: Client}, inverse", "label: {zh: 客户, en: Client}, locked_when: 'archived_at != null', inverse")  # fmt: skip
    own_lab.runtime.publish(manifests({**locked, "rules/follow_client.yaml": RULE}))
    target, source = two(own_lab)
    live, old = own_lab.create(HEAD, "job", client=str(source))["id"], archived(own_lab, source)
    own_lab.act(HEAD, Merge("client", target, source))
    assert [own_lab.row("job", id)["client"] for id in (live, old)] == [target, target]
    assert [own_lab.row("job", id)["urgent"] for id in (live, old)] == [True, None]
    assert "rule.fired" not in own_lab.kinds(old)


# --- what comes meanwhile


def waited_for(lab: Lab, work: Future[Any]) -> None:
    """Until a work waits for a lock, or is done."""
    eventually(lambda: work.done() or lab.query(WAITING) != [(0,)])


def pointing(lab: Lab, source: UUID) -> list[Create | Update]:
    """Ways to let a record point to another one."""
    job = lab.create(HEAD, "job")["id"]
    return [
        Create("part", {"name": "new", "client": str(source)}),
        Create("job", {"name": "new", "client": str(source), "value": 5}),
        Update("job", job, None, {"client": str(source)}),
    ]


@pytest.mark.parametrize("flushed", [False, True])
def test_a_child_that_came_first_goes_along(lab: Lab, flushed: bool) -> None:
    for number in range(3):
        target, source = two(lab)
        command = pointing(lab, source)[number]
        with ThreadPoolExecutor(1) as pool:
            with lab.runtime.unit(HEAD) as unit:
                child = apply(unit, command)["id"]
                if flushed:
                    unit.flush()
                merging = pool.submit(lab.act, HEAD, Merge("client", target, source))
                waited_for(lab, merging)
            assert merging.result()["id"] == target
        assert lab.row(command.object, child)["client"] == target
    assert lab.query(WRONG_ROLLUPS) == []


def test_a_child_of_a_batch_that_came_first_goes_along(lab: Lab) -> None:
    """What a batch read ahead it refers to without asking again."""
    target, source = two(lab)
    with ThreadPoolExecutor(1) as pool:
        with lab.runtime.unit(HEAD, batch=True) as unit:
            preload(unit, "client", [source], referred=True)
            child = apply(unit, Create("part", {"name": "new", "client": str(source)}))["id"]
            merging = pool.submit(lab.act, HEAD, Merge("client", target, source))
            waited_for(lab, merging)
        assert merging.result()["id"] == target
    assert lab.row("part", child)["client"] == target


def test_a_child_that_comes_while_its_parent_is_merged_is_refused(lab: Lab) -> None:
    for number in range(3):
        target, source = two(lab)
        command = pointing(lab, source)[number]
        with ThreadPoolExecutor(1) as pool:
            with lab.runtime.unit(HEAD) as unit:
                apply(unit, Merge("client", target, source))
                unit.flush()
                late = pool.submit(lab.act, HEAD, command)
                waited_for(lab, late)
            error = late.exception()
        assert isinstance(error, Problems)
        assert [(type(one), one.path) for one in error.reasons()] == [(NoSuchReference, "client")]
        for object in ("job", "part"):
            assert lab.query(f"SELECT 1 FROM data.{object} WHERE client = %s", source) == []


def test_a_child_that_was_given_to_another_meanwhile_stays_there(lab: Lab) -> None:
    target, source = two(lab)
    other = lab.create(HEAD, "client", name="别家")["id"]
    part = lab.create(HEAD, "part", client=str(source))["id"]
    with ThreadPoolExecutor(1) as pool:
        with lab.runtime.unit(HEAD) as unit:
            apply(unit, Update("part", part, None, {"client": str(other)}))
            merging = pool.submit(lab.act, HEAD, Merge("client", target, source))
            waited_for(lab, merging)
        assert merging.result()["id"] == target
    assert lab.row("part", part)["client"] == other


def test_two_records_merged_into_each_other_at_once_leave_one(lab: Lab) -> None:
    one, other = two(lab)
    barrier = threading.Barrier(2)

    def merge(target: UUID, source: UUID) -> str:
        barrier.wait()
        try:
            lab.act(HEAD, Merge("client", target, source))
        except Problems as error:
            return error.code
        except Exception as error:
            return type(error).__name__
        return ""

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(merge, (one, other), (other, one)))
    assert sorted(results) == ["", "RecordArchived"]
    assert sorted(lab.row("client", id)["archived_at"] is None for id in (one, other)) == [False, True]


def test_children_and_merges_at_once_leave_nothing_on_a_duplicate(lab: Lab) -> None:
    clients = [lab.create(HEAD, "client", name=f"c{number}")["id"] for number in range(5)]
    kept = clients[0]

    def add(writer: int) -> None:
        for number in range(12):
            client = clients[(writer + number) % len(clients)]
            values = {"name": f"{writer}-{number}", "client": str(client), "value": number}
            try:
                lab.act(KEEPER, Create("job", values, id=new_id()))
            except Problems as error:
                assert [type(one) for one in error.reasons()] == [NoSuchReference]

    def merge() -> None:
        for source in clients[1:]:
            lab.act(KEEPER, Merge("client", kept, source))

    with ThreadPoolExecutor(4) as pool:
        works = [pool.submit(add, writer) for writer in range(3)] + [pool.submit(merge)]
    assert [work.exception() for work in works] == [None] * 4
    assert lab.query("SELECT 1 FROM data.job WHERE client = ANY(%s)", clients[1:]) == []
    assert lab.query(WRONG_ROLLUPS) == []
