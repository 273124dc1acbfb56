"""The connection to PostgreSQL: psycopg's, with a short way for statements that are used again and again.

psycopg waits for results in Python, so that it can be interrupted and serve asyncio. A worker thread needs neither: on the
short way libpq waits, without the interpreter's lock. That halves what a small statement costs.

On the event loop a connection of a Lane goes the same way, and lets the loop wait.
"""

import asyncio
from collections.abc import Callable, Generator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import pq
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result

OPTIONS = "-c TimeZone=UTC -c statement_timeout=30000"
WRITING_OPTIONS = OPTIONS + " -c plan_cache_mode=force_generic_plan"
"""Of transactions that write: they find rows by their keys, so one plan does for all; PostgreSQL, on its own, makes that of
the many writes that leave as one statement anew each time, which takes longer than carrying it out."""
PREPARE_FROM = 3
MOST_KNOWN = 400
_SOUND = (int(pq.ExecStatus.TUPLES_OK), int(pq.ExecStatus.COMMAND_OK))
Row = tuple[Any, ...]
Key = tuple[bytes, tuple[int, ...]]
Step = tuple[Callable[..., pq.abc.PGresult], Callable[..., None], tuple[Any, ...]]
"""One exchange with PostgreSQL: the call that waits for its result, the one that only sends, and what both take."""


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


class _Reader:
    """Makes rows of the results of one statement; how its columns are read is worked out once."""

    __slots__ = ("_knows", "_transformer")

    def __init__(self, connection: psycopg.Connection[Row]) -> None:
        self._transformer = Transformer(connection)
        self._knows = False

    def read(self, result: pq.abc.PGresult) -> list[Row]:
        """The rows of a result, which isn't held on to."""
        count = result.ntuples
        if not count:
            return []
        transformer = self._transformer
        transformer.set_pgresult(result, set_loaders=not self._knows)
        self._knows = True
        try:
            return transformer.load_rows(0, count, tuple)
        finally:
            transformer.set_pgresult(None, set_loaders=False)


@dataclass(slots=True)
class _Prepared:
    """A statement that PostgreSQL keeps under a name."""

    name: bytes
    reader: _Reader


class Connection(psycopg.Connection[Row]):
    """A psycopg connection that also runs statements the short way. It must not be in psycopg's pipeline mode.

    psycopg itself prepares nothing on it: when a transaction is rolled back it would deallocate everything, ours included.
    """

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._giver = Transformer(self)
        self._uses: dict[Key, int] = {}
        self._kept: dict[Key, _Prepared] = {}
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
        steps = self._steps(statement, params)
        at_once, _, given = next(steps)
        while True:
            try:
                at_once, _, given = steps.send(self._checked(at_once(*given)))
            except StopIteration as end:
                rows: Rows = end.value
                return rows

    async def run_on_loop(self, statement: bytes, params: Sequence[Any] = ()) -> Rows:
        """As `run`, but the event loop waits; the connection must be in autocommit mode.

        Raises as psycopg does. Whoever gives up waiting must close the connection.
        """
        steps = self._steps(statement, params)
        _, send, given = next(steps)
        while True:
            send(*given)
            try:
                _, send, given = steps.send(self._checked(await self._received()))
            except StopIteration as end:
                rows: Rows = end.value
                return rows

    def _steps(self, statement: bytes, params: Sequence[Any]) -> Generator[Step, pq.abc.PGresult, Rows]:
        """What has to be exchanged for a statement: that it is prepared, when it has come back often enough, and itself."""
        giver, to = self._giver, self.pgconn
        values = giver.dump_sequence(params, [PyFormat.AUTO] * len(params))
        types, formats = giver.types or (), giver.formats
        known = self._kept.get((statement, types))
        if known is None and self._comes_back((statement, types)):
            self._counted += 1
            known = _Prepared(b"w%d" % self._counted, _Reader(self))
            yield to.prepare, to.send_prepare, (known.name, statement, types)
            self._kept[statement, types] = known
            if len(self._kept) > MOST_KNOWN:
                oldest = self._kept.pop(next(iter(self._kept)))
                yield to.exec_, to.send_query, (b"DEALLOCATE " + oldest.name,)
        if known is None:
            result = yield to.exec_params, to.send_query_params, (statement, values, types, formats)
            return Rows(_Reader(self).read(result))
        result = yield to.exec_prepared, to.send_query_prepared, (known.name, values, formats)
        return Rows(known.reader.read(result))

    def finish(self) -> None:
        """Commit. Raises as psycopg does."""
        if self.pgconn.transaction_status == pq.TransactionStatus.INTRANS:
            self._checked(self.pgconn.exec_(b"COMMIT"))
        else:
            self.commit()

    def give_up(self) -> None:
        """Roll back what a connection that still answers has begun; its pool replaces one that doesn't."""
        with suppress(psycopg.Error):
            self.rollback()

    def _comes_back(self, key: Key) -> bool:
        """Whether a statement that isn't prepared has come back often enough; counts this time."""
        uses = self._uses.pop(key, 0) + 1
        if uses >= PREPARE_FROM:
            return True
        self._uses[key] = uses
        if len(self._uses) > MOST_KNOWN:
            del self._uses[next(iter(self._uses))]
        return False

    async def _received(self) -> pq.abc.PGresult:
        """The result of what was sent last, once it is here."""
        loop = asyncio.get_running_loop()
        here: asyncio.Future[pq.abc.PGresult] = loop.create_future()
        results: list[pq.abc.PGresult] = []

        def read() -> None:
            try:
                self.pgconn.consume_input()
                while not here.done() and not self.pgconn.is_busy():
                    result = self.pgconn.get_result()
                    if result is None:
                        here.set_result(results[-1])
                    else:
                        results.append(result)
            except Exception as error:
                here.set_exception(error)

        socket = self.pgconn.socket
        loop.add_reader(socket, read)
        try:
            return await here
        finally:
            loop.remove_reader(socket)

    def _checked(self, result: pq.abc.PGresult) -> pq.abc.PGresult:
        if result.status in _SOUND:
            return result
        if self.pgconn.status != pq.ConnStatus.OK:
            raise psycopg.OperationalError(result.get_error_message(self.info.encoding))
        raise error_from_result(result, encoding=self.info.encoding)
