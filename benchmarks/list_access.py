"""What does access cost a list of the newest 50 of 1 M opportunities?

2,000 users in 200 teams under 10 regions; owners are spread at random. A rep (own, shared, team), a team's manager and a
regional manager (own, shared, team tree) against the admin, who sees every record: the same page of 50 with every visible
field, through the product's own reading path. Rounds alternate between the viewers; medians. Besides the newest: with a
filter, and sorted by amount.
"""

import statistics
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import psycopg

from benchmarks.company import ADMIN, Company, company
from benchmarks.measure import Figure, alternate, conclude, is_quick, median_ratio, seconds_each
from chengdan.kernel.access import Principal
from chengdan.run.read import ListQuery, list_records
from chengdan.store.connection import Rows
from chengdan.store.unit import Unit

LISTS = {
    "newest 50": ListQuery("opportunity"),
    "newest 50 with a filter": ListQuery("opportunity", filter='amount > 50000 and stage == "proposal"'),
    "first 50 by amount": ListQuery("opportunity", sort="-amount"),
}


@dataclass(frozen=True)
class Counting(Unit):
    """A unit that counts its queries."""

    queries: list[Any] = field(default_factory=list)

    def execute(self, statement: Any, params: Any = ()) -> psycopg.Cursor[tuple[Any, ...]] | Rows:
        self.queries.append(statement)
        return super().execute(statement, params)


def viewers(made: Company) -> dict[str, Principal]:
    """The four that look."""
    return {
        "admin": ADMIN,
        "rep": made.reps[0],
        "manager of a team": made.manager(),
        "manager of a region": made.regional_manager(),
    }


def reading(made: Company, viewer: Principal, query: ListQuery, times: int) -> Callable[[], float]:
    """Seconds for one page, the median of `times`."""

    def once() -> None:
        with made.runtime.reader(viewer) as reader:
            page = list_records(reader, query)
        if len(page.items) != query.limit:
            raise ValueError(len(page.items))

    return lambda: seconds_each(once, times)


def queries(made: Company, viewer: Principal, query: ListQuery) -> int:
    """How many queries one page takes."""
    with made.runtime.reader(viewer) as reader:
        counting = Counting(**vars(reader))
        list_records(counting, query)
    return len(counting.queries)


def main() -> None:
    quick = is_quick(__doc__)
    count, users, teams, rounds, times = (50_000, 200, 40, 3, 5) if quick else (1_000_000, 2_000, 210, 7, 20)
    figures: list[Figure] = []
    with company(opportunities=count, users=users, teams=teams) as made:
        most = 0
        for name, query in LISTS.items():
            slow = query.sort and not quick
            found = alternate(
                3 if slow else rounds,
                {
                    who: reading(made, viewer, query, 2 if slow else times)
                    for who, viewer in viewers(made).items()
                },
            )
            bound = 1.3 if query == LISTS["newest 50"] else None
            for who in list(found)[1:]:
                figures.append(
                    Figure(
                        f"{name}: {who} / admin", median_ratio(found[who], found["admin"]), "×", at_most=bound
                    )
                )
            for who, seconds in found.items():
                figures.append(Figure(f"{name}: {who}", statistics.median(seconds) * 1000, "ms"))
            most = max(most, *(queries(made, viewer, query) for viewer in viewers(made).values()))
    figures.append(Figure("most queries for a page", most, "queries", at_most=4))
    conclude(sys.modules[__name__], "list_access", figures, quick=quick)


if __name__ == "__main__":
    main()
