"""How many expressions does one core evaluate in a second, and do fields that an expression doesn't read cost anything?

Compiled expressions over a record of 20 fields, in a plain loop; then over the same record with 100 more fields. The
baseline is the same condition written by hand as a Python lambda. Rounds alternate; medians.

And how long do the expressions take that are written to hurt (those of `tests/expr/hostile.py`): until they are refused, or,
the largest that are not, until they are checked and compiled for Python and for PostgreSQL? The slowest of each.
"""

import statistics
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from time import perf_counter
from typing import Any

from sqlalchemy import select

from benchmarks.measure import Figure, alternate, conclude, is_quick, median_ratio, seconds_each
from chengdan.base.ids import new_id
from chengdan.expr import Context, ExpressionError, check, compile_python
from chengdan.expr.sql import compile_sql
from chengdan.kernel.snapshot import Snapshot
from chengdan.kernel.validate import build
from chengdan.run import apps
from tests.expr.hostile import HARMLESS
from tests.expr.hostile import REFUSED as HOSTILE
from tests.expr.postgres import DIALECT, SQL
from tests.expr.sample import SCHEMA, TABLES

NOW = datetime(2026, 6, 1, tzinfo=UTC)
RECORD: Mapping[str, Any] = {
    "id": new_id(), "version": 3, "name": "上海医院信息化", "stage": "proposal", "amount": Decimal(250_000),
    "amount_currency": "CNY", "budget": Decimal(300_000), "budget_currency": "CNY", "discount": Decimal(12),
    "cost": Decimal(90_000), "close_on": date(2026, 7, 1), "forecast": "commit", "next_step": "寄合同",
    "next_step_on": date(2026, 6, 3), "needs_help": False, "engaged_on": date(2026, 3, 1), "closed_on": None,
    "loss_reason": None, "created_at": NOW - timedelta(days=90), "updated_at": NOW - timedelta(days=4),
}  # fmt: skip
HARD_LIMIT = Decimal(100_000)
BY_HAND: Mapping[str, Callable[[Mapping[str, Any]], Any]] = {
    'stage == "proposal" and amount > 100000': lambda r: (
        r["stage"] == "proposal" and r["amount"] is not None and r["amount"] > HARD_LIMIT
    ),
    'stage in ["proposal", "negotiation"] and not needs_help': lambda r: (
        r["stage"] in ("proposal", "negotiation") and not r["needs_help"]
    ),
    "now() - updated_at > 72h": lambda r: NOW - r["updated_at"] > timedelta(hours=72),
    "amount * (100 - discount) / 100 > cost": lambda r: r["amount"] * (100 - r["discount"]) / 100 > r["cost"],
}
FIRST = next(iter(BY_HAND))


def product(snapshot: Snapshot, text: str, record: Mapping[str, Any], times: int) -> Callable[[], float]:
    """Evaluations per second of a compiled expression."""
    run, context = snapshot.compiled("opportunity", text).run, Context(NOW)

    def measure() -> float:
        start = perf_counter()
        for _ in range(times):
            run(record, context)
        return times / (perf_counter() - start)

    return measure


def baseline(text: str, times: int) -> Callable[[], float]:
    """Evaluations per second of the condition written by hand."""
    run = BY_HAND[text]

    def measure() -> float:
        start = perf_counter()
        for _ in range(times):
            run(RECORD)
        return times / (perf_counter() - start)

    return measure


def refused(text: str) -> None:
    """Check an expression that can't be."""
    with suppress(ExpressionError):
        check(text, SCHEMA, "deal")
        raise AssertionError(f"accepted: {text[:40]}")


def made(text: str) -> None:
    """Check an expression and compile it both ways."""
    expression = check(text, SCHEMA, "deal")
    compile_python(expression)
    str(select(compile_sql(expression, TABLES["deal"], SQL)).compile(dialect=DIALECT))


def slowest(corpus: Mapping[str, str], treat: Callable[[str], None], times: int) -> float:
    """The milliseconds of the expression that takes longest; for each the median of `times`."""
    return max(seconds_each(partial(treat, text), times) for text in corpus.values()) * 1000


def main() -> None:
    quick = is_quick(__doc__)
    rounds, times = (3, 20_000) if quick else (9, 200_000)
    snapshot, problems = build(apps.shipped("chengdan.sales"), 1)
    if problems:
        raise problems[0]
    wide = {**{f"x_{number}": number for number in range(100)}, **RECORD}
    figures = []
    for text in BY_HAND:
        found = alternate(
            rounds,
            {
                "by hand": baseline(text, times),
                "product": product(snapshot, text, RECORD, times),
                "wide": product(snapshot, text, wide, times),
            },
        )
        aim = text == FIRST
        figures += [
            Figure(f"`{text}`", statistics.median(found["product"]), "evaluations/s", at_least=500_000 if aim else None),
            Figure(f"`{text}`: time with 100 unused fields / without", median_ratio(found["product"], found["wide"]), "×", at_most=1.5),
            Figure(f"`{text}`: time / by hand", median_ratio(found["by hand"], found["product"]), "×"),
        ]  # fmt: skip
    figures += [
        Figure("the slowest hostile expression that is refused", slowest(HOSTILE, refused, rounds), "ms", at_most=50),
        Figure("the slowest of the largest that are not", slowest(HARMLESS, made, rounds), "ms", at_most=50),
    ]  # fmt: skip
    conclude(sys.modules[__name__], "expressions", figures, quick=quick)


if __name__ == "__main__":
    main()
