"""SQLAlchemy statements as text and parameters for psycopg."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy.dialects import postgresql
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.compiler import SQLCompiler

_DIALECT = postgresql.psycopg.dialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL text with numbered places (`$1`), the names of their parameters in order, and the values known so far.

    As bytes the text goes to PostgreSQL as it is: psycopg parses no statement anew that is used a thousand times.
    """

    sql: bytes
    names: tuple[str, ...]
    params: Mapping[str, Any]

    def bound(self, **values: Any) -> tuple[bytes, list[Any]]:
        """Text and parameters, the open ones filled in; values of other names are left out."""
        known = {**self.params, **values}
        return self.sql, [known[name] for name in self.names]


def render(clause: ClauseElement) -> Statement:
    """Compile a statement for `Unit.execute`. Open parameters (`bindparam("x")`) are left for `Statement.bound`."""
    compiled = cast(
        SQLCompiler, clause.compile(dialect=_DIALECT, compile_kwargs={"render_postcompile": True})
    )
    return Statement(str(compiled).encode(), tuple(compiled.positiontup or ()), dict(compiled.params))


class StatementCache:
    """Compiled statements of one snapshot by a key of what shapes them; the oldest fall out."""

    def __init__(self, size: int = 4096) -> None:
        self._made: dict[Any, Statement] = {}
        self._size = size

    def get(self, key: Any) -> Statement | None:
        return self._made.get(key)

    def put(self, key: Any, statement: Statement) -> Statement:
        if len(self._made) >= self._size:
            self._made.pop(next(iter(self._made)), None)
        self._made[key] = statement
        return statement
