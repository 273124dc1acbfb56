"""The connection to PostgreSQL: psycopg's, with a short way for statements that are used again and again.

psycopg waits for results in Python, so that it can be interrupted and serve asyncio. A worker thread needs neither: on the
short way libpq waits, without the interpreter's lock. That halves what a small statement costs.
"""

from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg import pq
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result

PREPARE_FROM = 3
MOST_KNOWN = 400
_SOUND = (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK)
Row = tuple[Any, ...]
Key = tuple[bytes, tuple[int, ...]]


class Rows:
    """The rows of a result, all here; read like a cursor's."""

    __slots__ = ("_rows",)

    def __init__(self, rows: list[Row]) -> None:
        self._rows = rows

    def fetchall(self) -> list[Row]:
        """All rows."""
        return self._rows

    def fetchone(self) -> Row | None:
        """The first row, if there is one."""
        return self._rows[0] if self._rows else None


class Connection(psycopg.Connection[Row]):
    """A psycopg connection that also runs statements the short way. It must not be in psycopg's pipeline mode.

    psycopg itself prepares nothing on it: when a transaction is rolled back it would deallocate everything, ours included.
    """

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._uses: dict[Key, int] = {}
        self._names: dict[Key, bytes] = {}
        self._counted = 0

    @classmethod
    def connect(cls, conninfo: str = "", **named: Any) -> "Connection":
        """A new connection; what psycopg's `connect` takes, `prepare_threshold` aside."""
        return super().connect(conninfo, **{**named, "prepare_threshold": None})

    def run(self, statement: bytes, params: Sequence[Any] = ()) -> Rows:
        """The result of a statement with numbered places (`$1`); it is prepared when it comes back.

        Raises as psycopg does.
        """
        if not self.autocommit and self.pgconn.transaction_status == pq.TransactionStatus.IDLE:
            self._checked(self.pgconn.exec_(b"BEGIN"))
        transformer = Transformer(self)
        values = transformer.dump_sequence(params, [PyFormat.AUTO] * len(params))
        types, formats = transformer.types or (), transformer.formats
        name = self._name((statement, types))
        if name is None:
            result = self.pgconn.exec_params(statement, values, types, formats)
        else:
            result = self.pgconn.exec_prepared(name, values, formats)  # type: ignore[arg-type]
        self._checked(result)
        transformer.set_pgresult(result)
        return Rows(transformer.load_rows(0, result.ntuples, tuple))

    def finish(self) -> None:
        """Commit. Raises as psycopg does."""
        if self.pgconn.transaction_status == pq.TransactionStatus.INTRANS:
            self._checked(self.pgconn.exec_(b"COMMIT"))
        else:
            self.commit()

    def _name(self, key: Key) -> bytes | None:
        """The name under which a statement is prepared here; None while it has not come back often enough."""
        found = self._names.get(key)
        if found is not None:
            return found
        uses = self._uses[key] = self._uses.pop(key, 0) + 1
        if uses < PREPARE_FROM:
            if len(self._uses) > MOST_KNOWN:
                del self._uses[next(iter(self._uses))]
            return None
        self._counted += 1
        name = b"w%d" % self._counted
        self._checked(self.pgconn.prepare(name, *key))
        del self._uses[key]
        self._names[key] = name
        if len(self._names) > MOST_KNOWN:
            oldest = next(iter(self._names))
            self._checked(self.pgconn.exec_(b"DEALLOCATE " + self._names.pop(oldest)))
        return name

    def _checked(self, result: pq.abc.PGresult) -> None:
        if result.status in _SOUND:
            return
        if self.pgconn.status != pq.ConnStatus.OK:
            raise psycopg.OperationalError(result.get_error_message(self.info.encoding))
        raise error_from_result(result, encoding=self.info.encoding)
