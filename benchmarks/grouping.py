"""What does it cost to sum amounts apart by currency, over 1 M opportunities by stage?

One opportunity in ten is in dollars. The product's statement for count and sum of the amount per stage, which gives the sum
in each currency, against the plain `sum(amount)` per stage that mixes them, over the same rows with the same condition; as the
admin, who sees them all, and without the kept answers. Rounds alternate; medians.
"""

import statistics
import sys
from collections.abc import Callable
from typing import Any

from benchmarks.company import ADMIN, Company, company
from benchmarks.measure import Figure, alternate, conclude, is_quick, median_ratio, seconds_each
from chengdan.run.read import viewing
from chengdan.store.figures import Measured, aggregate_statement
from chengdan.store.statement import render

PLAIN = "SELECT stage, count(*), sum(amount) FROM data.opportunity WHERE archived_at IS NULL GROUP BY stage"
IN_DOLLARS = "UPDATE data.opportunity SET amount_currency = 'USD' WHERE number LIKE '%7'"
MEASURES = (Measured("count", "count"), Measured("sum_amount", "sum", "amount"))


def by_currency(made: Company) -> Callable[[], list[Any]]:
    """The groups of the product's statement."""

    def once() -> list[Any]:
        with made.runtime.reader(ADMIN) as reader:
            statement = aggregate_statement(viewing(reader), "opportunity", ["stage"], MEASURES, None, 100)
            return reader.execute(*render(statement).bound()).fetchall()

    return once


def plain(made: Company) -> Callable[[], list[Any]]:
    """The groups, their amounts added up whatever the currency."""

    def once() -> list[Any]:
        with made.runtime.reader(ADMIN) as reader:
            return reader.execute(PLAIN).fetchall()

    return once


def main() -> None:
    quick = is_quick(__doc__)
    count, rounds, times = (50_000, 3, 3) if quick else (1_000_000, 7, 3)
    with company(opportunities=count, users=200, teams=40) as made:
        with made.runtime.pool.connection() as connection:
            connection.execute(IN_DOLLARS)
        with made.runtime.pool.connection() as connection:
            connection.autocommit = True
            connection.execute("VACUUM ANALYZE data.opportunity")
        ways = {"by currency": by_currency(made), "plain": plain(made)}
        if len(ways["by currency"]()) != len(ways["plain"]()):
            raise ValueError("the groups differ")

        def timed(way: Callable[[], list[Any]]) -> Callable[[], float]:
            return lambda: seconds_each(way, times)

        found = alternate(rounds, {name: timed(way) for name, way in ways.items()})
    figures = [
        Figure(
            "sums by currency / plain sums",
            median_ratio(found["by currency"], found["plain"]),
            "×",
            at_most=2,
        ),
        *(Figure(name, statistics.median(seconds) * 1000, "ms") for name, seconds in found.items()),
    ]
    conclude(sys.modules[__name__], "grouping", figures, quick=quick)


if __name__ == "__main__":
    main()
