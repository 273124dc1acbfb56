"""The write path against a simple model: whatever people do in whatever order, both agree on every record.

TEST_EXAMPLES sets how many histories are tried (15 unless told), TEST_STEPS how long they are (20).
"""

import os
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from chengdan.base.errors import ChengdanError, Problems
from chengdan.kernel.access import Principal
from chengdan.kernel.gate import GateBlocked, OverrideNotPermitted
from chengdan.run.commands import Archive, Command, Create, Move, Restore, Update
from chengdan.run.errors import Forbidden, NotFound, RecordArchived, StaleRecord
from tests.lab.lab import EAST, HEAD, KEEPER, LIU, MING, SOUTH, Lab

EXAMPLES = int(os.environ.get("TEST_EXAMPLES", "15"))
STEPS = int(os.environ.get("TEST_STEPS", "20"))
PEOPLE = (MING, LIU, HEAD, KEEPER)
STAGES = ("idea", "build", "trial", "done", "dropped")

people = st.sampled_from(PEOPLE)
values = st.none() | st.integers(0, 99)


@dataclass
class Record:
    """What the model knows of a client or job."""

    object: str
    id: UUID
    owner: UUID
    team: UUID | None
    version: int = 1
    archived: bool = False
    values: dict[str, Any] = field(default_factory=dict)


def sees(who: Principal, record: Record) -> bool:
    if "keeper" in who.roles:
        return True
    return record.owner == who.user or record.team in (who.team_tree if "head" in who.roles else who.teams)


def changes(who: Principal, record: Record) -> bool:
    if "maker" in who.roles:
        return record.owner == who.user
    return sees(who, record)


def refusal_of_holding(who: Principal, record: Record, version: int | None, archived: bool = False) -> Any:
    """Why `who` can't take hold of a record to write to it; None when that is possible."""
    if not sees(who, record):
        return NotFound
    if not changes(who, record):
        return Forbidden
    if record.archived is not archived:
        return RecordArchived
    if version is not None and version != record.version:
        return StaleRecord
    return None


class WritePath(RuleBasedStateMachine):
    """Creates, changes, moves, archives and restores clients and jobs as several people."""

    clients = Bundle("clients")
    jobs = Bundle("jobs")

    def __init__(self, lab: Lab) -> None:
        super().__init__()
        self.lab = lab
        self.records: dict[UUID, Record] = {}

    @initialize()
    def start_empty(self) -> None:
        self.lab.empty("job", "client")

    # --- what may be done

    @rule(target=clients, who=people)
    def create_client(self, who: Principal) -> UUID:
        row = self.lab.create(who, "client")
        self.records[row["id"]] = Record("client", row["id"], who.user, next(iter(who.teams), None))
        return UUID(str(row["id"]))

    @rule(target=jobs, who=people, client=st.none() | clients, value=values)
    def create_job(self, who: Principal, client: UUID | None, value: int | None) -> Any:
        known = self.records.get(client) if client else None
        refusal = Problems if known and (known.archived or not sees(who, known)) else None
        given = {"name": "job", "client": str(client) if client else None, "value": value}
        row = self.attempt(who, Create("job", given), refusal)
        if row is None:
            return multiple()
        record = Record("job", row["id"], who.user, next(iter(who.teams), None))
        record.values = {"client": client, "value": value, "stage": "idea", "reason": None}
        self.records[row["id"]] = record
        return record.id

    @rule(who=people, job=jobs, value=values, behind=st.sampled_from([None, 0, 1]))
    def reprice(self, who: Principal, job: UUID, value: int | None, behind: int | None) -> None:
        record = self.records[job]
        version = None if behind is None else record.version - behind
        refusal = refusal_of_holding(who, record, version)
        if refusal is None and record.values["stage"] == "done" and value != record.values["value"]:
            refusal = Problems
        self.attempt(who, Update("job", job, version, {"value": value}), refusal)
        if refusal is None:
            self.note(record, value=value)

    @rule(who=people, job=jobs, client=st.none() | clients)
    def reassign(self, who: Principal, job: UUID, client: UUID | None) -> None:
        record, known = self.records[job], self.records.get(client) if client else None
        refusal = refusal_of_holding(who, record, None)
        unreachable = known is not None and (known.archived or not sees(who, known))
        if refusal is None and unreachable and client != record.values["client"]:
            refusal = Problems
        self.attempt(who, Update("job", job, None, {"client": str(client) if client else None}), refusal)
        if refusal is None:
            self.note(record, client=client)

    @rule(who=st.sampled_from([HEAD, KEEPER]), job=jobs, to=st.sampled_from([MING, LIU]))
    def hand_over(self, who: Principal, job: UUID, to: Principal) -> None:
        record = self.records[job]
        refusal = refusal_of_holding(who, record, None)
        given = {"owner": str(to.user), "team": str(to.teams[0])}
        self.attempt(who, Update("job", job, None, given), refusal)
        if refusal is None and (record.owner, record.team) != (to.user, to.teams[0]):
            record.owner, record.team = to.user, to.teams[0]
            record.version += 1

    @rule(who=people, job=jobs, reason=st.sampled_from(["", "价格"]))
    def drop(self, who: Principal, job: UUID, reason: str) -> None:
        """Losing needs its reason and nothing else."""
        record = self.records[job]
        refusal = refusal_of_holding(who, record, None)
        goes = record.values["stage"] != "dropped"
        if refusal is None and goes and not reason:
            refusal = GateBlocked
        self.attempt(who, Update("job", job, None, {"stage": "dropped", "reason": reason}), refusal)
        if refusal is None:
            self.note(record, reason=reason or None)
            self.note(record, stage="dropped")

    @rule(who=people, job=jobs, to=st.sampled_from(STAGES[:4]), override=st.booleans())
    def move(self, who: Principal, job: UUID, to: str, override: bool) -> None:
        """These jobs never have what a later stage demands; going back is free, but `build` wants its client."""
        record = self.records[job]
        refusal = refusal_of_holding(who, record, None)
        origin = record.values["stage"]
        start = 0 if origin == "dropped" else STAGES.index(origin)
        forward = STAGES.index(to) > start and not (origin == "trial" and to == "trial")
        blocked = forward or (to == "build" and record.values["client"] is None)
        if refusal is None and to != origin and blocked:
            may = "maker" not in who.roles
            refusal = None if override and may else OverrideNotPermitted if override else GateBlocked
        self.attempt(who, Move("job", job, None, to, override_reason="x" if override else ""), refusal)
        if refusal is None:
            self.note(record, stage=to)

    @rule(who=people, job=jobs)
    def archive(self, who: Principal, job: UUID) -> None:
        self.put_away(who, self.records[job])

    @rule(who=people, client=clients)
    def archive_client(self, who: Principal, client: UUID) -> None:
        self.put_away(who, self.records[client])

    def put_away(self, who: Principal, record: Record) -> None:
        refusal = refusal_of_holding(who, record, None)
        self.attempt(who, Archive(record.object, record.id), refusal)
        if refusal is None:
            record.archived, record.version = True, record.version + 1

    @rule(who=people, job=jobs)
    def restore(self, who: Principal, job: UUID) -> None:
        record = self.records[job]
        refusal = refusal_of_holding(who, record, None, archived=True)
        self.attempt(who, Restore("job", job), refusal)
        if refusal is None:
            record.archived, record.version = False, record.version + 1

    # --- the two compared

    def attempt(self, who: Principal, command: Command, refusal: Any) -> Any:
        """Do it, expecting the refusal foretold."""
        try:
            row = self.lab.act(who, command)
        except ChengdanError as error:
            assert refusal is not None, f"{who.name} was refused {command}: {error}"
            assert type(error) is refusal, f"{type(error)} instead of {refusal} for {command}"
            return None
        assert refusal is None, f"{who.name} should have met {refusal} with {command}"
        return row

    def note(self, record: Record, **values: Any) -> None:
        if any(record.values[name] != value for name, value in values.items()):
            record.values.update(values)
            record.version += 1

    @invariant()
    def everybody_lists_what_they_may_see(self) -> None:
        for who in PEOPLE:
            for object in ("client", "job"):
                for archived in (False, True):
                    listed = {
                        UUID(row["id"]) for row in self.lab.listed(who, object, archived=archived, limit=200)
                    }
                    assert listed == {
                        record.id
                        for record in self.records.values()
                        if record.object == object and record.archived is archived and sees(who, record)
                    }

    @invariant()
    def every_record_is_as_the_model_says(self) -> None:
        rows = self.lab.query(
            "SELECT id, version, owner, team, archived_at IS NOT NULL, client, value, stage, reason FROM data.job"
        )
        for id, version, owner, team, archived, client, value, stage, reason in rows:
            record = self.records[id]
            assert (version, owner, team, archived) == (
                record.version,
                record.owner,
                record.team,
                record.archived,
            )
            assert record.values == {"client": client, "value": value, "stage": stage, "reason": reason}

    @invariant()
    def every_version_has_its_event(self) -> None:
        made = dict(
            self.lab.query(
                "SELECT record_id, array_agg((data->>'version')::int ORDER BY seq) FROM chengdan.event "
                "WHERE record_id = ANY(%s) AND data ? 'version' GROUP BY record_id",
                list(self.records),
            )
        )
        for id, record in self.records.items():
            assert made[id] == list(range(1, record.version + 1))

    @invariant()
    def every_rollup_is_right(self) -> None:
        for id, count, open_value, smallest, largest in self.lab.query(
            "SELECT id, job_count, open_value, smallest, largest FROM data.client"
        ):
            jobs = [
                record
                for record in self.records.values()
                if record.values.get("client") == id and not record.archived and record.object == "job"
            ]
            worth = [Decimal(record.values["value"]) for record in jobs if record.values["value"] is not None]
            still_open = [
                Decimal(record.values["value"] or 0)
                for record in jobs
                if record.values["stage"] not in ("done", "dropped")
            ]
            assert (count, open_value) == (len(jobs), sum(still_open))
            assert (smallest, largest) == (min(worth, default=None), max(worth, default=None))


def test_the_write_path_agrees_with_the_model(lab: Lab) -> None:
    assert {EAST, SOUTH} == {MING.teams[0], LIU.teams[0]}

    class Machine(WritePath):
        def __init__(self) -> None:
            super().__init__(lab)

    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
