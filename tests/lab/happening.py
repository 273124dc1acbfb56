"""Events without a meaning, as many in a transaction as a test wants: for those who follow the journal."""

import time
from collections.abc import Sequence

from chengdan.store.journal import watermark
from tests.lab.lab import Lab

FINAL_SECONDS = 150
"""How long an event may take to become final: a transaction of another test's database may run that long."""
EVENTS = (
    "WITH made AS (INSERT INTO chengdan.event (cause, object, kind, data, snapshot) "
    "SELECT 'x', '', 'x', '{}', 1 FROM generate_series(1, %s) RETURNING xid) SELECT max(xid) FROM made"
)


def happen(lab: Lab, sizes: Sequence[int]) -> int:
    """Let transactions of so many events each happen until they are final; the place before them, behind all others."""
    before = _final(lab, 1)
    for size in sizes:
        _final(lab, size)
    return before


def _final(lab: Lab, size: int) -> int:
    """The place behind a transaction of so many events: where another database's holds it back, it is waited for."""
    [(xid,)] = lab.query(EVENTS, size)
    deadline = time.monotonic() + FINAL_SECONDS
    while True:
        with lab.runtime.pool.connection() as connection:
            place = watermark(connection)
        if place > xid:
            return place
        assert time.monotonic() < deadline
