"""Whom a rule tells follows at once from who leads and who holds a role."""

import time
from typing import Any
from uuid import UUID

from chengdan.base.config import Config
from chengdan.kernel.access import Principal
from chengdan.run.commands import Create, Update
from chengdan.run.runtime import Runtime


def told(runtime: Runtime, record: UUID) -> list[UUID]:
    with runtime.pool.connection() as connection:
        rows = connection.execute(
            "SELECT user_id FROM chengdan.notification WHERE record_id = %s ORDER BY id", (record,)
        ).fetchall()
    return [user for (user,) in rows]


def person(runtime: Runtime, admin: Principal, name: str) -> UUID:
    id: UUID = runtime.act(admin, Create("user", {"username": name, "name": name, "roles": ["manager"]}))[0][
        "id"
    ]
    return id


def call_for_help(runtime: Runtime, admin: Principal, opportunity: UUID) -> None:
    for needed in (False, True):
        runtime.act(admin, Update("opportunity", opportunity, None, {"needs_help": needed}))


def company(runtime: Runtime, admin: Principal) -> tuple[UUID, UUID, UUID, UUID]:
    """Two people, a team that the first leads, and an opportunity of the team."""
    first, second = person(runtime, admin, "first"), person(runtime, admin, "second")
    team: dict[str, Any] = runtime.act(admin, Create("team", {"name": "华东", "lead": str(first)}))[0]
    values = {"name": "商机", "team": str(team["id"])}
    opportunity: UUID = runtime.act(admin, Create("opportunity", values))[0]["id"]
    return first, second, team["id"], opportunity


def test_a_new_lead_is_told_at_once(runtime: Runtime, admin: Principal) -> None:
    first, second, team, opportunity = company(runtime, admin)
    call_for_help(runtime, admin, opportunity)

    runtime.act(admin, Update("team", team, None, {"lead": str(second)}))
    call_for_help(runtime, admin, opportunity)

    assert told(runtime, opportunity) == [first, second]


def test_a_new_lead_is_told_by_other_processes_too(runtime: Runtime, admin: Principal) -> None:
    first, second, team, opportunity = company(runtime, admin)
    with Runtime.over(runtime.url, Config(home=runtime.config.home)) as other:
        call_for_help(other, admin, opportunity)
        heard: list[bool] = []
        other.access_listeners.append(lambda: heard.append(True))

        runtime.act(admin, Update("team", team, None, {"lead": str(second)}))
        deadline = time.monotonic() + 10
        while not heard and time.monotonic() < deadline:
            time.sleep(0.01)
        call_for_help(other, admin, opportunity)

    assert told(runtime, opportunity) == [first, second]
