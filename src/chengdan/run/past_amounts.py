"""Amounts that a record had, each with the currency that it was in then."""

from collections.abc import Mapping, Sequence
from typing import Any, LiteralString

from chengdan.kernel.object import Object
from chengdan.store.unit import Row, Unit

_AFTER: LiteralString = (
    "SELECT seq, data -> 'changes' FROM chengdan.event WHERE record_id = %s AND seq > %s "
    "AND jsonb_exists_any(data -> 'changes', %s) ORDER BY seq"
)


def with_currencies(reader: Unit, item: Object, row: Row, events: Sequence[dict[str, Any]]) -> None:
    """Give changes of amounts in `events` (as the timeline tells them) the currencies before and after: `currency: [old, new]`.

    A change of the currency alone becomes one of the amount as well, to the same figure. `row` is the record as it is now.
    """
    own = [event for event in events if event["record"] == row["id"]]
    told = [(event, {change["field"]: change for change in event["changes"]}) for event in own]
    columns = [
        (field, column)
        for field, column in item.amounts
        if any(field.name in changes or column in changes for _, changes in told)
    ]
    if not columns:
        return
    names = [name for field, column in columns for name in (field.name, column)]
    past = _Past(reader, row, min(event["seq"] for event in own), names)
    for event, changes in told:
        for field, column in columns:
            amount, currency = changes.get(field.name), changes.get(column)
            if amount is None and currency is not None:
                figure = past.value(event["seq"], field.name)
                amount = {"field": field.name, "label": field.label, "old": figure, "new": figure}
                event["changes"].append(amount)
            if amount is not None:
                then = past.value(event["seq"], column)
                amount["currency"] = [currency["old"], currency["new"]] if currency else [then, then]


class _Past:
    """What some columns of a record held just after one of its events: what the next change of it replaced."""

    def __init__(self, reader: Unit, row: Row, first: int, columns: Sequence[str]) -> None:
        self._row = row
        self._after: Sequence[tuple[int, Mapping[str, Sequence[Any]]]] = reader.execute(
            _AFTER, (row["id"], first, list(columns))
        ).fetchall()

    def value(self, seq: int, column: str) -> Any:
        """What `column` held after the event number `seq`."""
        for later, changes in self._after:
            if later > seq and column in changes:
                return changes[column][0]
        return self._row[column]
