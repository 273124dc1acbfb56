"""Reminders of the sales system: the morning a task is due, half an hour before a plan, the day of a next step."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from chengdan.base.config import Config
from chengdan.base.ids import new_id
from chengdan.kernel.access import Principal
from chengdan.run import schedule
from chengdan.run.action import apply
from chengdan.run.commands import Create, Update
from chengdan.run.runtime import Runtime
from tests.databases import Databases
from tests.lab.lab import MovingClock
from tests.run.conftest import employ


@dataclass
class Office:
    """The sales system with one administrator, and a clock that can be moved."""

    runtime: Runtime
    clock: MovingClock
    admin: Principal

    def create(self, object: str, **values: Any) -> UUID:
        id = new_id()
        with self.runtime.unit(self.admin) as unit:
            apply(unit, Create(object, values, id=id))
        return id

    def update(self, object: str, id: UUID, **values: Any) -> None:
        with self.runtime.unit(self.admin) as unit:
            apply(unit, Update(object, id, None, values))

    def timers(self, id: UUID) -> dict[str, datetime]:
        with self.runtime.pool.connection() as connection:
            rows = connection.execute(
                "SELECT key, due_at FROM chengdan.timer WHERE record_id = %s", (id,)
            ).fetchall()
        return {row[0]: row[1] for row in rows}

    def told(self) -> list[str]:
        with self.runtime.pool.connection() as connection:
            rows = connection.execute("SELECT zh FROM chengdan.notification ORDER BY id").fetchall()
        return [str(row[0]) for row in rows]

    def wait_until(self, instant: datetime) -> None:
        self.clock.ahead += instant - self.clock() + timedelta(seconds=1)
        schedule.fire_due(self.runtime)


@pytest.fixture
def office(databases: Databases, sales_template: str, tmp_path: Path) -> Iterator[Office]:
    clock = MovingClock()
    with (
        databases.fresh(sales_template) as url,
        Runtime.over(url, Config(home=tmp_path), clock) as runtime,
    ):
        admin = Principal(new_id(), "admin", frozenset({"admin"}))
        employ(runtime, admin)
        yield Office(runtime, clock, admin)


def test_a_task_is_reminded_of_on_the_morning_it_is_due(office: Office) -> None:
    day = office.clock().date() + timedelta(days=3)
    task = office.create("task", subject="寄样品", due_on=day.isoformat())
    opening = office.runtime.edition.calendar.opening(day)
    assert office.timers(task) == {"due": opening}
    office.wait_until(opening)
    assert (office.told(), office.timers(task)) == (["今天到期：寄样品"], {})


def test_a_task_that_is_done_is_not_reminded_of_until_it_is_open_again(office: Office) -> None:
    day = office.clock().date() + timedelta(days=3)
    task = office.create("task", subject="寄样品", due_on=day.isoformat())
    office.update("task", task, done=True)
    assert office.timers(task) == {}
    office.update("task", task, done=False)
    assert set(office.timers(task)) == {"due"}
    office.wait_until(office.timers(task)["due"])
    assert office.told() == ["今天到期：寄样品"]


def test_a_plan_is_reminded_of_half_an_hour_before_and_a_next_step_on_its_day(office: Office) -> None:
    at = (office.clock() + timedelta(days=2)).replace(microsecond=0)
    step_on = office.clock().date() + timedelta(days=5)
    plan = office.create(
        "activity", subject="方案讲解", kind="demo", at=at.isoformat(), next_step="报价", next_step_on=step_on.isoformat()
    )  # fmt: skip
    assert office.timers(plan)["soon"] == at - timedelta(minutes=30)
    office.wait_until(at - timedelta(minutes=30))
    office.wait_until(office.timers(plan)["next_step"])
    assert office.told() == ["30 分钟后：方案讲解", "今天的下一步：报价（方案讲解）"]


def test_what_has_happened_already_is_not_reminded_of(office: Office) -> None:
    past = office.clock() - timedelta(days=1)
    plan = office.create("activity", subject="首次拜访", kind="visit", at=past.isoformat())
    task = office.create("task", subject="补记", due_on=past.date().isoformat())
    assert (office.timers(plan), office.timers(task)) == ({}, {})
