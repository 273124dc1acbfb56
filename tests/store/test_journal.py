"""Following the journal: what is read says whether it is all there was, and whether anything is left behind."""

import pytest

from chengdan.store.journal import tail
from tests.lab.happening import happen
from tests.lab.lab import Lab

LIMIT = 3


@pytest.mark.parametrize(
    ("sizes", "parts"),
    [
        ((), [(0, True, False)]),
        ((3,), [(3, True, False)]),
        ((2, 2), [(2, False, False), (2, True, False)]),
        ((3, 1), [(3, False, False), (1, True, False)]),
        ((4,), [(3, False, True), (0, True, False)]),
        ((4, 1), [(3, False, True), (1, True, False)]),
        ((1, 4), [(1, False, False), (3, False, True), (0, True, False)]),
    ],
)
def test_what_is_cut_says_so(lab: Lab, sizes: tuple[int, ...], parts: list[tuple[int, bool, bool]]) -> None:
    place, found = happen(lab, sizes), []
    for _ in parts:
        with lab.runtime.pool.connection() as connection:
            part = tail(connection, place, LIMIT)
        place = part.upto
        found.append((len(part.events), part.complete, part.torn))
    assert found == parts
