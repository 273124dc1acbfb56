"""What a change of a child does to its parents' figures, against counting all children again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengdan.base.label import Label
from chengdan.kernel.calendar import WorkCalendar
from chengdan.kernel.field import Field, FieldType, Rollup
from chengdan.kernel.rollup import (
    RECOUNT,
    Add,
    Effect,
    OneCurrency,
    Reach,
    Watch,
    Watchers,
    joined_effects,
)
from chengdan.kernel.snapshot import Snapshot
from tests.sales.manifests import snapshot

CALENDAR = WorkCalendar({})
PARENTS = [UUID(int=1), UUID(int=2), None]
WHEN = datetime(2026, 1, 1, tzinfo=UTC)

children = st.builds(
    lambda account, amount, currency, stage, archived: {
        "account": account,
        "amount": amount,
        "amount_currency": currency,
        "stage": stage,
        "archived_at": archived,
    },
    st.sampled_from(PARENTS),
    st.none() | st.integers(-5, 5).map(Decimal),
    st.sampled_from([None, "CNY", "USD"]),
    st.sampled_from(["won", "lost"]),
    st.sampled_from([None, None, WHEN]),
)


YUAN = OneCurrency("amount_currency", "CNY", "CNY")


def watch(function: str, *, won_only: bool, currency: OneCurrency | None = None) -> Watch:
    made: Snapshot = snapshot()
    condition = made.compiled("opportunity", 'stage == "won"') if won_only else None
    rollup = Rollup("opportunities", function, "" if function == "count" else "amount")
    reads = {"account", "archived_at", "amount", "amount_currency", "stage"}
    return Watch("account", "figure", "account", rollup, frozenset(reads), condition, currency)


def counted(watch: Watch, all_children: Mapping[int, Mapping[str, Any]], parent: UUID) -> Any:
    fitting = [
        child
        for child in all_children.values()
        if child["account"] == parent
        and child["archived_at"] is None
        and (watch.condition is None or child["stage"] == "won")
        and (watch.currency is None or child["amount_currency"] in (None, "CNY"))
    ]
    amounts = [child["amount"] for child in fitting if child["amount"] is not None]
    figures: Mapping[str, Callable[[], Any]] = {
        "count": lambda: len(fitting),
        "sum": lambda: sum(amounts),
        "min": lambda: min(amounts, default=None),
        "max": lambda: max(amounts, default=None),
    }
    return figures[watch.rollup.function]()


def effects(
    watch: Watch, before: Mapping[str, Any] | None, after: Mapping[str, Any]
) -> list[tuple[UUID, Effect]]:
    found = Watchers.over([watch]).effects(before, after, CALENDAR)
    return [(parent, effect) for _, parent, effect in found]


@dataclass
class Ledger:
    """Figures of parents, moved by effects the way the database moves them."""

    watch: Watch
    children: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    figures: dict[UUID, Any] = field(default_factory=dict)

    def change(self, number: int, after: Mapping[str, Any]) -> None:
        before = self.children.get(number)
        self.children[number] = after
        waiting: dict[UUID, Effect] = {}
        for parent, effect in effects(self.watch, before, after):
            known = waiting.get(parent)
            waiting[parent] = (
                effect if known is None else joined_effects(self.watch.rollup.function, known, effect)
            )
        for parent, effect in waiting.items():
            self.figures[parent] = self.moved(parent, effect)

    def moved(self, parent: UUID, effect: Effect) -> Any:
        figure = self.figures.get(parent)
        match effect:
            case Add(amount):
                return (figure or 0) + amount
            case Reach(value):
                extreme = max if self.watch.rollup.function == "max" else min
                return value if figure is None else extreme(figure, value)
            case _:
                return counted(self.watch, self.children, parent)


@pytest.mark.parametrize("currency", [None, YUAN])
@pytest.mark.parametrize("won_only", [False, True])
@pytest.mark.parametrize("function", ["count", "sum", "min", "max"])
@given(st.lists(st.tuples(st.integers(0, 3), children), max_size=12))
def test_moving_figures_gives_what_counting_gives(
    function: str, won_only: bool, currency: OneCurrency | None, changes: list[tuple[int, dict[str, Any]]]
) -> None:
    ledger = Ledger(watch(function, won_only=won_only, currency=currency))

    for number, after in changes:
        ledger.change(number, after)

    empty = 0 if function in ("count", "sum") else None
    for parent in PARENTS[:2]:
        assert parent is not None
        found = ledger.figures.get(parent, empty)
        assert found == counted(ledger.watch, ledger.children, parent)


def test_a_change_of_other_fields_has_no_effect() -> None:
    child = {
        "account": PARENTS[0],
        "amount": Decimal(1),
        "amount_currency": "CNY",
        "stage": "won",
        "archived_at": None,
    }

    assert effects(watch("sum", won_only=True), {**child, "name": "a"}, {**child, "name": "b"}) == []


def test_a_child_that_is_counted_neither_before_nor_after_has_no_effect() -> None:
    child = {
        "account": PARENTS[0],
        "amount": Decimal(1),
        "amount_currency": "CNY",
        "stage": "lost",
        "archived_at": None,
    }

    assert effects(watch("sum", won_only=True), child, {**child, "amount": Decimal(9)}) == []


def test_only_amounts_in_its_currency_are_counted_and_a_change_of_currency_moves_the_figure() -> None:
    child = {**dict.fromkeys(("archived_at", "stage")), "account": PARENTS[0], "amount": Decimal(7)}
    yuan, dollars = ({**child, "amount_currency": currency} for currency in ("CNY", "USD"))
    figure = watch("sum", won_only=False, currency=YUAN)

    assert effects(figure, None, dollars) == []
    assert effects(figure, dollars, {**dollars, "amount": Decimal(9)}) == []
    assert effects(figure, dollars, yuan) == [(PARENTS[0], Add(Decimal(7)))]
    assert effects(figure, yuan, dollars) == [(PARENTS[0], Add(Decimal(-7)))]


def test_the_latest_is_always_counted_again() -> None:
    child = {"account": PARENTS[0], "amount": Decimal(1), "stage": "won", "archived_at": None}

    assert effects(watch("latest", won_only=False), None, child) == [(PARENTS[0], RECOUNT)]


def test_effects_on_one_figure_join() -> None:
    assert joined_effects("sum", Add(2), Add(-3)) == Add(-1)
    assert joined_effects("max", Reach(2), Reach(3)) == Reach(3)
    assert joined_effects("min", Reach(2), Reach(3)) == Reach(2)
    assert joined_effects("max", Reach(2), RECOUNT) == RECOUNT


@pytest.mark.parametrize(("named", "counted"), [("", "USD"), ("CNY", "CNY")])
def test_without_a_currency_of_its_own_a_rollup_counts_that_of_what_it_adds_up(
    named: str, counted: str
) -> None:
    source = Field("amount", FieldType.MONEY, Label("金额", "Amount"), currency="USD")
    total = Field("total", FieldType.ROLLUP, Label("合计", "Total"), currency=named)

    assert OneCurrency.of(total, source) == OneCurrency("amount_currency", "USD", counted)


def test_what_is_no_amount_is_rolled_up_without_regard_to_currencies() -> None:
    source = Field("score", FieldType.INTEGER, Label("分", "Score"))

    assert OneCurrency.of(Field("total", FieldType.ROLLUP, Label("合计", "Total")), source) is None
