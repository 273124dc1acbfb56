"""What does it cost to write down who looks at sensitive records?

Contacts (mobile, e-mail and WeChat are sensitive), opened one after the other through the product's own reading path, once
under the shipped definitions and once under the same without `sensitive`, in turns over one database. Every contact is
opened for the first time, so each look is written down; the time includes writing all of the events, although no reader
waits for that. In one process, without HTTP, where the ratio is at its strictest. Beside it: the same contact again and
again, which is one look.
"""

import statistics
import sys
import time
from collections.abc import Callable, Iterator
from typing import LiteralString
from uuid import UUID

from benchmarks.company import ADMIN, Company, company
from benchmarks.measure import Figure, alternate, conclude, is_quick, median_ratio
from chengdan.run import apps
from chengdan.run.read import get_record
from chengdan.store.edition import Edition

HEARD_SECONDS = 3.0
"""How long it takes at most until the runtime has heard of its own publishing and takes up no definitions by itself."""

SHIPPED = "sensitive: [mobile, email, wechat]\n"
_CONTACTS: LiteralString = "SELECT id FROM data.contact ORDER BY id LIMIT %s"
_EVENTS: LiteralString = (
    "SELECT count(*), coalesce(sum(jsonb_array_length(data -> 'records')), 0) FROM chengdan.event "
    "WHERE kind = 'record.viewed'"
)


def editions(made: Company) -> tuple[Edition, Edition]:
    """The definitions as they are shipped, and those without sensitive fields of contacts."""
    shipped = made.runtime.edition
    files = dict(apps.shipped("chengdan.sales"))
    name = next(
        name for name, text in files.items() if name.endswith("objects/contact.yaml") and SHIPPED in text
    )
    made.runtime.publish({**files, name: files[name].replace(SHIPPED, "")}, note="benchmark")
    time.sleep(HEARD_SECONDS)
    return shipped, made.runtime.edition


def opening(made: Company, edition: Edition, next_ones: Callable[[], list[UUID]]) -> Callable[[], float]:
    """Seconds to open one contact under these definitions, with all that is written of it."""

    def run() -> float:
        made.runtime.edition = edition
        ids = next_ones()
        start = time.perf_counter()
        for id in ids:
            with made.runtime.reader(ADMIN) as reader:
                get_record(reader, "contact", id)
        made.runtime.sightings.flush()
        return (time.perf_counter() - start) / len(ids)

    return run


def parts(ids: list[UUID], size: int) -> Iterator[list[UUID]]:
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


def main() -> None:
    quick = is_quick(__doc__)
    opportunities, rounds, size = (20_000, 4, 500) if quick else (60_000, 9, 1_400)
    with company(opportunities=opportunities, users=100, teams=20) as made:
        with made.runtime.pool.connection() as connection:
            ids = [id for (id,) in connection.execute(_CONTACTS, (size * (rounds + 1) + 1,)).fetchall()]
        shipped, plain = editions(made)
        ones, others = parts(ids[1:], size), parts(ids[1:], size)
        again = [ids[0]] * size
        found = alternate(
            rounds,
            {
                "written": opening(made, shipped, lambda: next(ones)),
                "plain": opening(made, plain, lambda: next(others)),
                "written again": opening(made, shipped, lambda: again),
                "plain again": opening(made, plain, lambda: again),
            },
        )
        with made.runtime.pool.connection() as connection:
            events, looks = connection.execute(_EVENTS).fetchall()[0]
    if looks < size * (rounds + 1):
        raise ValueError(looks)
    added = statistics.median(a - b for a, b in zip(found["written"], found["plain"], strict=True))
    conclude(
        sys.modules[__name__],
        "view_log",
        [
            Figure("added to opening a contact for the first time, writing included", added * 1e6, "µs"),
            Figure(
                "the same, written down / not sensitive",
                median_ratio(found["written"], found["plain"]),
                "×",
                at_most=1.15,
            ),
            Figure(
                "the same contact again / not sensitive",
                median_ratio(found["written again"], found["plain again"]),
                "×",
                at_most=1.2,
            ),
            Figure("opening one that is not sensitive", statistics.median(found["plain"]) * 1e6, "µs"),
            Figure("looks per event", looks / events, "looks", at_least=100),
        ],
        quick=quick,
    )


if __name__ == "__main__":
    main()
