"""Narrowing down: many things written in one transaction, and where one is refused, all others without it."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import psycopg

from chengdan.base.errors import ChengdanError
from chengdan.run.importer.errors import RowUnstorable

TRIES = 3
_TRANSIENT = ("40001", "40P01", "55P03")
_REFUSABLE = ("22", "23", "54")
T = TypeVar("T")


def narrow(
    items: Sequence[T], attempt: Callable[[Sequence[T]], None], refuse: Callable[[T, ChengdanError], None]
) -> None:
    """Let `attempt` write all items in one transaction; where it is refused, halve until the one at fault stands alone.

    That one is handed to `refuse`. Raises only what is no item's fault: a lost database, or what either raises besides.
    """
    try:
        _again_when_transient(items, attempt)
        return
    except ChengdanError as error:
        reason = error
    except psycopg.Error as error:
        if not (error.sqlstate or "").startswith(_REFUSABLE):
            raise
        reason = RowUnstorable(reason=error.diag.message_primary or type(error).__name__)
    if len(items) == 1:
        refuse(items[0], reason)
        return
    middle = len(items) // 2
    narrow(items[:middle], attempt, refuse)
    narrow(items[middle:], attempt, refuse)


def _again_when_transient(items: Sequence[T], attempt: Callable[[Sequence[T]], None]) -> None:
    for tries_left in reversed(range(TRIES)):
        try:
            return attempt(items)
        except psycopg.Error as error:
            if error.sqlstate not in _TRANSIENT or not tries_left:
                raise
    return None
