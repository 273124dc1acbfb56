"""Replay: a request sent twice (a phone that lost the network) is carried out once and answered alike."""

from dataclasses import dataclass

from chengdan.base.errors import ChengdanError
from chengdan.base.json import dumps_text
from chengdan.kernel.access import Principal
from chengdan.run.action import apply
from chengdan.run.commands import Command
from chengdan.run.errors import NotFound
from chengdan.run.read import get_record
from chengdan.run.rendering import written_record
from chengdan.run.runtime import Runtime
from chengdan.store import idempotency
from chengdan.store.unit import Row, Unit

MAX_KEY = 200


class KeyReused(ChengdanError):
    code = "HTTP-409"
    status = 409
    zh = "这个 Idempotency-Key 已用于另一个请求。"
    en = "This Idempotency-Key was used for another request."


@dataclass(frozen=True, slots=True)
class Once:
    """The key of a request, and the hash of all that it asks for."""

    key: str
    request_hash: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """The record that a request answered with, as JSON text, and whether an earlier request wrote it."""

    body: str
    replayed: bool


def act_once(
    runtime: Runtime, principal: Principal, object: str, command: Command, once: Once, cause: str
) -> Answer:
    """Carry out a command on a record of `object` unless its key was used before (see `idempotency.KEPT`); then give the first answer.

    Key, record and answer are written in one transaction; of two requests at once the second waits for the first. What is
    refused leaves its key free. Raises KeyReused, and as the command does.
    """

    def carry_out(unit: Unit) -> Answer:
        earlier = answered(unit, once)
        if earlier is not None:
            return Answer(earlier, replayed=True)
        row = apply(unit, command)
        unit.flush()
        body = written_record(unit, object, row) or _read(unit, object, row)
        idempotency.remember(unit.connection, principal.user, once.key, body)
        return Answer(body, replayed=False)

    return runtime.attempt(principal, cause, carry_out)


def answered(unit: Unit, once: Once) -> str | None:
    """What the unit's principal was answered under the key before; None claims the key for this unit. Raises KeyReused."""
    earlier = idempotency.claim(unit.connection, unit.principal.user, once.key, once.request_hash, unit.now)
    if earlier is None:
        return None
    if earlier.request_hash != once.request_hash:
        raise KeyReused(path="Idempotency-Key")
    return earlier.body


def _read(unit: Unit, object: str, row: Row) -> str:
    """The record as its writer sees it; who gave it out of sight learns only that it was written."""
    try:
        return get_record(unit, object, row["id"])
    except NotFound:
        return dumps_text({"id": row["id"], "version": row["version"]})
