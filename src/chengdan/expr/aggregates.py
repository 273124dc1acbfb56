"""List functions over children in Python."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from chengdan.expr import dates, numbers
from chengdan.expr.closures import Compiled
from chengdan.expr.errors import EvaluationError, say
from chengdan.expr.typed import Aggregate
from chengdan.expr.types import Kind

MAX_CHILDREN = 5_000
CONDITIONAL = frozenset({"exists", "all", "count"})

Rows = Sequence[Mapping[str, Any]]
Each = Callable[[Rows, Any, Mapping[str, Any]], Any]


def aggregate(node: Aggregate, body: Compiled | None) -> Compiled:
    """The list function of `node` with its compiled body, which is never null for the conditional ones."""
    path, name = node.children.of.path, node.children.name
    each = _bare(node.function) if body is None else _over(node, body)

    def run(record: Mapping[str, Any], at: Any) -> Any:
        rows = at.facts.many(path, name)
        if len(rows) > MAX_CHILDREN:
            raise EvaluationError(what=say(f"列表 {name}", f"children in {name}"), limit=MAX_CHILDREN)
        at.charge(len(rows))
        return each(rows, at, record)

    return run


def _bare(function: str) -> Each:
    return (
        (lambda rows, at, record: len(rows) > 0)
        if function == "exists"
        else (lambda rows, at, record: len(rows))
    )


def _over(node: Aggregate, body: Compiled) -> Each:
    slot, kind = node.slot, node.type.kind

    def values(rows: Rows, at: Any, record: Mapping[str, Any]) -> Any:
        items = at.items
        for row in rows:
            items[slot] = row
            yield body(record, at)

    def known(rows: Rows, at: Any, record: Mapping[str, Any]) -> list[Any]:
        return [value for value in values(rows, at, record) if value is not None]

    def latest(rows: Rows, at: Any, record: Mapping[str, Any]) -> Any:
        if not rows:
            return None
        at.items[slot] = max(rows, key=lambda row: (dates.utc(row["created_at"]), row["id"]))
        return body(record, at)

    return {
        "exists": lambda rows, at, record: any(values(rows, at, record)),
        "all": lambda rows, at, record: all(values(rows, at, record)),
        "count": lambda rows, at, record: sum(values(rows, at, record)),
        "sum": lambda rows, at, record: _total(kind)(known(rows, at, record)),
        "avg": lambda rows, at, record: _mean(kind, known(rows, at, record)),
        "min": lambda rows, at, record: min(known(rows, at, record), default=None),
        "max": lambda rows, at, record: max(known(rows, at, record), default=None),
        "latest": latest,
    }[node.function]


def _total(kind: Kind) -> Callable[[list[Any]], Any]:
    return numbers.total if kind is Kind.NUMBER else dates.total


def _mean(kind: Kind, values: list[Any]) -> Any:
    if not values:
        return None
    if kind is Kind.NUMBER:
        return numbers.mean(values)
    return dates.mean(values)
