"""SQLAlchemy statements as text and parameters for psycopg."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.dialects import postgresql
from sqlalchemy.sql import ClauseElement

_DIALECT = postgresql.psycopg.dialect()  # type: ignore[no-untyped-call]


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL text in psycopg's named style, with the parameters known so far."""

    sql: str
    params: Mapping[str, Any]

    def bound(self, **values: Any) -> tuple[str, dict[str, Any]]:
        """Text and parameters, the open ones filled in."""
        return self.sql, {**self.params, **values}


def render(clause: ClauseElement) -> Statement:
    """Compile a statement for psycopg. Open parameters (`bindparam("x")`) are left for `Statement.bound`."""
    compiled = clause.compile(dialect=_DIALECT, compile_kwargs={"render_postcompile": True})
    return Statement(str(compiled), dict(compiled.params))


class StatementCache:
    """Compiled statements of one snapshot by a key of what shapes them; the least used fall out."""

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
