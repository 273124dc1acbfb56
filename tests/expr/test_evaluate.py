"""How compiled expressions read records and keep their budgets."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from chengdan.expr import OLD, Context, EvaluationError, check, compile_python
from tests.expr.sample import NOW, SCHEMA

ALONE = Context(NOW)


class Watched(Mapping[str, Any]):
    """A record that remembers what was read."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values_by_name = values
        self.read: list[str] = []

    def __getitem__(self, name: str) -> Any:
        self.read.append(name)
        return self.values_by_name[name]

    def __iter__(self) -> Iterator[str]:
        raise AssertionError("a record is never listed")

    def __len__(self) -> int:
        raise AssertionError("a record is never counted")


@dataclass
class Children:
    """The same rows for every list."""

    rows: Sequence[Mapping[str, Any]]

    def one(self, path: tuple[str, ...]) -> Mapping[str, Any] | None:
        raise AssertionError(path)

    def many(self, path: tuple[str, ...], inverse: str) -> Sequence[Mapping[str, Any]]:
        return self.rows


def test_only_the_fields_it_needs_are_read() -> None:
    run = compile_python(check('stage == "proposal" and amount > 100000', SCHEMA, "deal"))
    record = Watched({"stage": "won", "amount": Decimal(1)})
    assert run(record, ALONE) is False
    assert record.read == ["stage"]
    assert run({"stage": "proposal", "amount": Decimal("100000.01")}, ALONE) is True


def test_a_field_that_was_not_loaded_is_not_taken_for_null() -> None:
    with pytest.raises(KeyError):
        compile_python(check("amount == null", SCHEMA, "deal"))({}, ALONE)


def test_whole_numbers_count_as_numbers() -> None:
    run = compile_python(check("amount / 4 + round(amount) - amount % 3", SCHEMA, "deal"))
    assert run({"amount": 10}, ALONE) == Decimal("11.5")


def test_previous_values_come_from_the_record() -> None:
    run = compile_python(check("old.amount != amount", SCHEMA, "deal", allow_old=True))
    assert run({"amount": 2, OLD: {"amount": 1}}, ALONE) is True
    assert run({"amount": 2, OLD: {"amount": 2}}, ALONE) is False
    assert run({"amount": 2, OLD: None}, ALONE) is True
    assert run({"amount": None, OLD: None}, ALONE) is False


def test_instants_compare_across_zones_and_repeated_hours() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    first = datetime(2026, 10, 25, 2, 30, tzinfo=berlin, fold=0)
    second = datetime(2026, 10, 25, 2, 15, tzinfo=berlin, fold=1)
    run = compile_python(check("created_at - sent_at", SCHEMA, "deal"))
    assert run({"sent_at": first, "created_at": second}, ALONE) == timedelta(minutes=45)
    later = compile_python(check("created_at > sent_at", SCHEMA, "deal"))
    assert later({"sent_at": first, "created_at": second}, ALONE) is True


def test_today_is_the_date_in_the_zone_of_the_context() -> None:
    run = compile_python(check('text(today()) + " " + text(hour(now()))', SCHEMA, "deal"))
    late = datetime(2026, 3, 15, 16, 30, tzinfo=UTC)
    assert run({}, Context(late)) == "2026-03-16 0"
    assert run({}, Context(late, zone=UTC)) == "2026-03-15 16"


def test_the_ambient_decimal_context_changes_nothing() -> None:
    run = compile_python(check("amount * 3 - amount", SCHEMA, "deal"))
    assert run({"amount": Decimal("12345678901234567890.1234567891")}, ALONE) == Decimal(
        "24691357802469135780.2469135782"
    )


def test_without_a_calendar_monday_to_friday_are_worked() -> None:
    run = compile_python(check('add_working_days(date("2026-02-13"), 1)', SCHEMA, "deal"))
    assert run({}, ALONE).isoformat() == "2026-02-16"


def test_a_list_over_five_thousand_children_is_refused() -> None:
    run = compile_python(check("lines.count(x, x.gift)", SCHEMA, "deal"))
    rows = [{"gift": True}] * 5_000
    assert run({}, Context(NOW, facts=Children(rows))) == 5_000
    with pytest.raises(EvaluationError) as raised:
        run({}, Context(NOW, facts=Children([*rows, {"gift": True}])))
    assert raised.value.message("en") == "The evaluation is too large: children in lines, the limit is 5000."


def test_nested_lists_are_stopped_at_the_step_budget() -> None:
    run = compile_python(check("lines.all(x, account.contacts.all(y, y.weight == x.price))", SCHEMA, "deal"))
    rows = [{"id": UUID(int=number), "weight": 1, "price": 1} for number in range(1_000)]
    with pytest.raises(EvaluationError) as raised:
        run({}, Context(NOW, facts=Children(rows)))
    assert raised.value.message("en") == "The evaluation is too large: steps, the limit is 200000."


def test_working_day_walks_count_as_steps() -> None:
    run = compile_python(check("lines.sum(x, working_days_between(x.due_on, today()))", SCHEMA, "deal"))
    rows = [{"due_on": NOW.date() - timedelta(days=3_000)}] * 100
    with pytest.raises(EvaluationError):
        run({}, Context(NOW, facts=Children(rows)))


def test_evaluations_do_not_disturb_each_other() -> None:
    run = compile_python(check("lines.sum(x, x.price)", SCHEMA, "deal"))
    first, second = Context(NOW, facts=Children([{"price": 1}])), Context(NOW, facts=Children([{"price": 2}]))
    assert [run({}, first), run({}, second), run({}, first)] == [1, 2, 1]
