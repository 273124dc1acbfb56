"""The journal is sealed without holding up writers, and no later change to it goes unnoticed."""

import re
import time
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import psycopg
import pytest

from chengdan.base.ids import new_id
from chengdan.run import schedule
from chengdan.run.commands import Archive
from chengdan.store import sealing
from chengdan.store.journal import tail, watermark
from tests.databases import Databases
from tests.lab.happening import FINAL_SECONDS
from tests.lab.lab import MING, Lab, open_lab

INSERT = (
    "INSERT INTO chengdan.event (at, cause, object, record_id, kind, data, snapshot, xid) "
    "SELECT now() - %(ago)s::interval, %(cause)s, 'job', %(job)s, %(kind)s, %(data)s::jsonb, 1, max(xid_to) FROM chengdan.seal"
)
"""An event written in the first transaction that no seal covers."""
UNSEALED = (
    "SELECT count(*) FROM chengdan.event WHERE xid >= (SELECT max(xid_to) FROM chengdan.seal) IS NOT FALSE"
)
FAR = "1 events claim a time far from that when they were written"


@pytest.fixture(scope="module")
def sealed(
    databases: Databases, lab_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Lab]:
    """A lab with two jobs, the events of each sealed before the next was made."""
    with databases.fresh(lab_database) as url, open_lab(url, tmp_path_factory.mktemp("sealed")) as lab:
        seal_all(lab)
        for _ in range(2):
            made = lab.create(MING, "job", value=10)
            lab.update(MING, "job", made, value=20)
            seal_all(lab)
        yield lab


def seal_all(lab: Lab) -> int:
    """Seal every event there is; a transaction that runs in another database of the server may take a while to end."""
    sealed, deadline = 0, time.monotonic() + FINAL_SECONDS
    while lab.query(UNSEALED) != [(0,)]:
        assert time.monotonic() < deadline
        sealed += schedule.seal(lab.runtime)
    return sealed


def findings(lab: Lab) -> list[tuple[int, str]]:
    with lab.runtime.pool.connection() as connection:
        return [(found.seal, found.what) for found in sealing.verify(connection)[1]]


def findings_after(lab: Lab, *statements: str, **params: object) -> list[tuple[int, str]]:
    """What is found after somebody with the database's own rights did this; then it is undone."""
    with psycopg.connect(lab.runtime.url) as connection:
        connection.execute("SET session_replication_role = replica")
        for statement in statements:
            assert connection.execute(statement, params).rowcount > 0
        found = [(found.seal, found.what) for found in sealing.verify(connection)[1]]
        connection.rollback()
    return found


def surplus(found: list[tuple[int, str]]) -> list[int]:
    """How many events too many there are in the seals whose number of events is wrong."""
    counts = [re.fullmatch(r"(\d+) events were sealed, (\d+) are there", what) for _, what in found]
    return [int(count[2]) - int(count[1]) for count in counts if count]


def a_job(lab: Lab) -> UUID:
    [(id,)] = lab.query("SELECT id FROM data.job ORDER BY created_at LIMIT 1")
    return UUID(str(id))


def test_a_sound_journal_verifies(sealed: Lab) -> None:
    with sealed.runtime.pool.connection() as connection:
        total, found = sealing.verify(connection)
    assert found == []
    assert sealed.query("SELECT sum(events) FROM chengdan.seal") == [(total,)]
    assert sealed.query("SELECT count(*) FROM chengdan.event") == [(total,)]


def test_what_is_not_sealed_yet_does_no_harm(sealed: Lab) -> None:
    sealed.create(MING, "job")
    assert findings(sealed) == []
    assert seal_all(sealed) == 1
    assert schedule.seal(sealed.runtime) == 0
    assert findings(sealed) == []


def test_the_database_itself_refuses_to_change_events(sealed: Lab) -> None:
    for statement in (
        "UPDATE chengdan.event SET data = '{}'",
        "DELETE FROM chengdan.event",
        "UPDATE chengdan.seal SET events = 0",
        "DELETE FROM chengdan.seal",
    ):
        with (
            pytest.raises(psycopg.errors.RestrictViolation),
            psycopg.connect(sealed.runtime.url) as connection,
        ):
            connection.execute(statement)


ALTERED = "an event, or the seal itself, was altered"
ONE_UPDATE = "WHERE seq = (SELECT min(seq) FROM chengdan.event WHERE kind = 'record.updated')"


@pytest.mark.parametrize(
    "change",
    [
        "data = jsonb_set(data, '{changes,value,1}', '9999')",
        "actor = gen_random_uuid()",
        "actor = NULL",
        "at = at + interval '1 second'",
        "cause = 'import'",
        "cause = 'http|job', object = record_id::text, record_id = NULL",
        "kind = 'record.restored'",
        "snapshot = 2",
        "record_id = gen_random_uuid()",
        "seq = seq + 1000000",
    ],
)
def test_an_altered_event_is_found(sealed: Lab, change: str) -> None:
    found = findings_after(sealed, f"UPDATE chengdan.event SET {change} {ONE_UPDATE}")
    assert [what for seal, what in found if seal > 0] == [ALTERED]


def test_an_event_moved_to_another_transaction_is_found(sealed: Lab) -> None:
    found = findings_after(
        sealed,
        f"UPDATE chengdan.event SET xid = (SELECT max(xid_to) FROM chengdan.seal) {ONE_UPDATE}",
    )
    assert surplus(found) == [-1]


def test_a_deleted_event_is_found(sealed: Lab) -> None:
    found = findings_after(sealed, f"DELETE FROM chengdan.event {ONE_UPDATE}")
    [(_, versions)] = [(seal, what) for seal, what in found if seal == 0]
    assert surplus(found) == [-1]
    assert versions.endswith("is at version 2, but 1 events do not make it so")


def test_an_event_put_into_a_sealed_transaction_is_found(sealed: Lab) -> None:
    found = findings_after(
        sealed,
        "INSERT INTO chengdan.event (at, cause, object, record_id, kind, data, snapshot, xid) "
        f"SELECT at, 'http', object, record_id, 'substep.done', '{{}}', 1, xid FROM chengdan.event {ONE_UPDATE}",
    )
    assert surplus(found) == [1]


def added(lab: Lab, ago: str, kind: str, data: str, cause: str = "http") -> list[tuple[int, str]]:
    """What is found after an event was added in a transaction of its own, later than all seals."""
    return findings_after(lab, INSERT, ago=ago, kind=kind, data=data, cause=cause, job=a_job(lab))


def test_an_event_added_later_that_claims_an_old_time_is_found(sealed: Lab) -> None:
    assert [what for _, what in added(sealed, "3 days", "substep.done", "{}")] == [FAR]


def test_an_event_that_claims_a_time_to_come_is_found(sealed: Lab) -> None:
    assert [what for _, what in added(sealed, "-3 days", "substep.done", "{}")] == [FAR]


def test_a_made_up_history_that_claims_to_have_been_loaded_is_found(sealed: Lab) -> None:
    assert [what for _, what in added(sealed, "90 days", "file.attached", "{}", cause="demo")] == [FAR]


def test_sealing_does_not_hide_an_event_added_later(own_lab: Lab) -> None:
    made = own_lab.create(MING, "job")
    seal_all(own_lab)
    with psycopg.connect(own_lab.runtime.url) as connection:
        params = {"ago": "3 days", "cause": "http", "job": made["id"], "kind": "substep.done", "data": "{}"}
        connection.execute(INSERT, params)
    seal_all(own_lab)
    assert [what for _, what in findings(own_lab)] == ["1 events claim a time far from that of their seal"]


@pytest.mark.parametrize("version", ["2", "3", '"2"', "null"])
def test_an_added_event_that_repeats_or_invents_a_version_is_found(sealed: Lab, version: str) -> None:
    found = added(sealed, "0 s", "record.updated", f'{{"changes": {{}}, "version": {version}}}')
    assert found == [(0, f"job {a_job(sealed)} is at version 2, but 3 events do not make it so")]


def test_an_event_of_a_transaction_that_never_was_is_found(sealed: Lab) -> None:
    insert = (
        "INSERT INTO chengdan.event (cause, object, kind, data, snapshot, xid) "
        "VALUES ('x', '', 'x', '{}', 1, %(xid)s)"
    )
    for xid in (2**40, 2**62):
        assert [what for _, what in findings_after(sealed, insert, xid=str(xid))] == [
            "1 events claim a transaction that has not been"
        ]


def test_a_record_changed_behind_the_journal_is_found(sealed: Lab) -> None:
    job = a_job(sealed)
    found = findings_after(sealed, "UPDATE data.job SET version = 5 WHERE id = %(job)s", job=job)
    assert found == [(0, f"job {job} is at version 5, but 2 events do not make it so")]


def test_a_record_without_events_and_events_without_a_record_are_found(sealed: Lab) -> None:
    job, stranger = a_job(sealed), new_id()
    found = findings_after(
        sealed,
        "INSERT INTO data.job (id, version, created_at, updated_at) VALUES (%(stranger)s, 1, now(), now())",
        "DELETE FROM data.job WHERE id = %(job)s",
        job=job,
        stranger=stranger,
    )
    assert sorted(found) == [
        (0, f"job {job} has 2 events but is not there"),
        (0, f"job {stranger} is at version 1, but 0 events do not make it so"),
    ]


BROKEN = "the chain of seals is broken: a seal is missing or was changed"


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("DELETE FROM chengdan.seal WHERE number = 1", (2, BROKEN)),
        ("UPDATE chengdan.seal SET hash = sha256('x') WHERE number = 1", (2, ALTERED)),
        (
            "UPDATE chengdan.seal SET sealed_at = sealed_at - interval '1 minute' WHERE number = 2",
            (2, ALTERED),
        ),
        ("UPDATE chengdan.seal SET xid_from = 9 WHERE number = 2", (2, BROKEN)),
    ],
)
def test_a_changed_seal_is_found(sealed: Lab, statement: str, found: tuple[int, str]) -> None:
    assert found in findings_after(sealed, statement)


def test_a_running_transaction_is_neither_sealed_nor_followed_before_its_end(own_lab: Lab) -> None:
    """Two writers at once: what one commits waits for the other, which began before it, and nothing is skipped."""
    seal_all(own_lab)
    with own_lab.runtime.pool.connection() as connection:
        begun = watermark(connection)
    with psycopg.connect(own_lab.runtime.url) as slow:
        slow.execute(
            "INSERT INTO chengdan.event (cause, object, kind, data, snapshot) VALUES ('slow', '', 'x', '{}', 1)"
        )
        own_lab.create(MING, "job")
        assert schedule.seal(own_lab.runtime) == 0
        with own_lab.runtime.pool.connection() as connection:
            assert tail(connection, begun).events == []
        slow.commit()
    assert seal_all(own_lab) == 2
    with own_lab.runtime.pool.connection() as connection:
        found = tail(connection, begun)
        assert [event.kind for event in found.events] == ["x", "record.created"]
        assert tail(connection, found.upto).events == []
    assert findings(own_lab) == []


def test_only_one_sealer_works_at_a_time(sealed: Lab) -> None:
    sealed.create(MING, "job")
    with psycopg.connect(sealed.runtime.url) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", (sealing.SEAL_LOCK,))
        assert schedule.seal(sealed.runtime) == 0
    assert seal_all(sealed) == 1


def test_a_bit_of_lateness_is_allowed(own_lab: Lab) -> None:
    seal_all(own_lab)
    own_lab.clock.ahead = -timedelta(minutes=20)
    made = own_lab.create(MING, "job")
    own_lab.clock.ahead = timedelta(minutes=20)
    own_lab.act(MING, Archive("job", made["id"]))
    assert findings(own_lab) == []
    seal_all(own_lab)
    assert findings(own_lab) == []


def test_what_is_written_and_sealed_while_it_verifies_does_no_harm(
    own_lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    seals = sealing._seals

    def busy(connection: sealing.Connection) -> Iterator[sealing.Seal]:
        own_lab.create(MING, "job")
        seal_all(own_lab)
        return seals(connection)

    seal_all(own_lab)
    monkeypatch.setattr(sealing, "_seals", busy)
    assert findings(own_lab) == []
