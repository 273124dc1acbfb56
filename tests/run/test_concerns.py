"""Concerns on the sales system: raised, answered with words, confirmed by somebody of the customer, reopened; gates see them."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from chengdan.kernel.access import Principal
from chengdan.kernel.gate import GateBlocked
from chengdan.run.commands import Create, Move, Update
from chengdan.run.explain import move_verdict
from chengdan.run.runtime import Runtime


def make(runtime: Runtime, admin: Principal, object: str, **values: Any) -> dict[str, Any]:
    return runtime.act(admin, Create(object, values, override_reason="test"))[0]


def timers(runtime: Runtime, id: UUID) -> set[str]:
    with runtime.pool.connection() as connection:
        found = connection.execute("SELECT key FROM chengdan.timer WHERE record_id = %s", (id,)).fetchall()
    return {key for (key,) in found}


def unmet(runtime: Runtime, admin: Principal, opportunity: UUID, to: str) -> set[str]:
    with runtime.reader(admin) as reader:
        return {
            one.standing.deliverable.name
            for one in move_verdict(reader, "opportunity", opportunity, to)["reasons"]
        }


def test_a_concern_goes_from_open_to_confirmed_and_back(runtime: Runtime, admin: Principal) -> None:
    account = make(runtime, admin, "account", name="上海明达")
    contact = make(runtime, admin, "contact", name="王总", account=str(account["id"]))
    opportunity = make(
        runtime, admin, "opportunity", name="数据平台", account=str(account["id"]), stage="demo"
    )
    concern = make(runtime, admin, "concern", subject="数据是否出厂区", opportunity=str(opportunity["id"]))
    id = concern["id"]

    assert (concern["status"], timers(runtime, id)) == ("open", {"unanswered"})
    assert "no_open_concern" in unmet(runtime, admin, opportunity["id"], "proposal")
    with pytest.raises(GateBlocked) as refused:
        runtime.act(admin, Move("concern", id, None, "answered"))
    assert [one.standing.deliverable.name for one in refused.value.unmet] == ["answer"]

    answered, _ = runtime.act(
        admin, Update("concern", id, None, {"answer": "全部在厂区内", "status": "answered"})
    )
    assert (answered["status"], answered["answered_on"] is not None) == ("answered", True)
    assert timers(runtime, id) == {"unconfirmed"}
    assert "no_open_concern" not in unmet(runtime, admin, opportunity["id"], "proposal")
    assert "concerns_confirmed" in unmet(runtime, admin, opportunity["id"], "won")

    with pytest.raises(GateBlocked) as refused:
        runtime.act(admin, Move("concern", id, None, "confirmed"))
    assert [one.standing.deliverable.name for one in refused.value.unmet] == ["confirmed_by", "confirmed_how"]
    said = {"confirmed_by": str(contact["id"]), "confirmed_how": "meeting", "status": "confirmed"}
    confirmed, _ = runtime.act(admin, Update("concern", id, None, said))
    assert (confirmed["status"], confirmed["confirmed_on"] is not None) == ("confirmed", True)
    assert timers(runtime, id) == set()
    assert "concerns_confirmed" not in unmet(runtime, admin, opportunity["id"], "won")

    reopened, _ = runtime.act(admin, Move("concern", id, None, "open"))
    assert (reopened["answer"], reopened["answered_on"], reopened["confirmed_by"]) == (
        "全部在厂区内",
        None,
        None,
    )
    assert (reopened["reopened_count"], timers(runtime, id)) == (1, {"unanswered"})
    assert "no_open_concern" in unmet(runtime, admin, opportunity["id"], "proposal")


def test_confirming_at_once_needs_the_answer_too(runtime: Runtime, admin: Principal) -> None:
    concern = make(runtime, admin, "concern", subject="能否两个月上线")

    with pytest.raises(GateBlocked) as refused:
        runtime.act(admin, Move("concern", concern["id"], None, "confirmed"))
    assert [one.standing.deliverable.name for one in refused.value.unmet] == [
        "answer",
        "confirmed_by",
        "confirmed_how",
    ]


def test_a_deadline_is_in_working_hours(runtime: Runtime, admin: Principal) -> None:
    concern = make(runtime, admin, "concern", subject="报价偏高")
    with runtime.pool.connection() as connection:
        row = connection.execute(
            "SELECT due_at FROM chengdan.timer WHERE record_id = %s", (concern["id"],)
        ).fetchone()

    assert row is not None
    calendar = runtime.edition.calendar
    assert calendar.working_time_between(concern["created_at"], row[0]) == timedelta(hours=18)
