"""Sending what waits in a unit: writes to different rows leave as one statement, one round trip for all of them.

PostgreSQL carries out the parts of such a statement (`WITH a AS (UPDATE …), b AS (INSERT …) INSERT …`) on one view of the
data, so no part sees what another wrote; therefore a row is written at most once in a statement. It runs the main part
first and the others from the last to the first, so they are listed backwards: rows are locked in the order of the writes.
"""

import re
from collections.abc import Hashable, Iterator, Sequence
from itertools import count
from typing import Any, NamedTuple

from chengdan.store.connection import Connection

MOST_PARTS = 16
_PLACE = re.compile("%s")


class Write(NamedTuple):
    """A statement with its parameters, placed by `%s`.

    `target` names the one row that it writes. None: it writes what it finds, and leaves by itself.
    """

    text: str
    params: Sequence[Any]
    target: Hashable = None


class Joints:
    """Statements joined so far, by their parts; the oldest fall out."""

    def __init__(self, size: int = 2_048) -> None:
        self._made: dict[tuple[str, ...], bytes] = {}
        self._size = size

    def join(self, parts: tuple[str, ...]) -> bytes:
        """The parts as one statement with numbered parameters."""
        found = self._made.get(parts)
        if found is None:
            if len(self._made) >= self._size:
                self._made.pop(next(iter(self._made)), None)
            found = self._made[parts] = _joined(parts)
        return found


def send(connection: Connection, joints: Joints, writes: Sequence[Write]) -> None:
    """Carry out the writes; those to one row in their order."""
    for group in _groups(writes):
        params = [value for write in group for value in write.params]
        statement = joints.join(tuple(write.text for write in group))
        connection.run(statement, params)


def _groups(writes: Sequence[Write]) -> Iterator[list[Write]]:
    """The writes in groups that may leave together; a write comes after all groups that wrote its row."""
    group: list[Write] = []
    taken: set[Hashable] = set()
    for write in writes:
        if group and (write.target is None or write.target in taken or len(group) == MOST_PARTS):
            yield group
            group, taken = [], set()
        group.append(write)
        taken.add(write.target)
        if write.target is None:
            yield group
            group, taken = [], set()
    if group:
        yield group


def _joined(parts: tuple[str, ...]) -> bytes:
    numbers = count(1)
    numbered = [_PLACE.sub(lambda _: "$" + str(next(numbers)), part) for part in parts]
    first, *others = numbered
    named = ["w" + str(index) + " AS (" + part + ")" for index, part in enumerate(others)]
    return ("WITH " + ", ".join(reversed(named)) + " " + first if named else first).encode()
