"""Replay: a request sent twice (a phone that lost the network) is carried out once and answered alike."""

from dataclasses import dataclass

from chengdan.base.errors import ChengdanError
from chengdan.kernel.access import Principal
from chengdan.run.action import apply
from chengdan.run.commands import Create
from chengdan.run.read import get_record
from chengdan.run.rendering import written_record
from chengdan.run.runtime import Runtime
from chengdan.store import idempotency

MAX_KEY = 200


class KeyReused(ChengdanError):
    code = "HTTP-409"
    status = 409
    zh = "这个 Idempotency-Key 已用于另一个请求。"
    en = "This Idempotency-Key was used for another request."


@dataclass(frozen=True, slots=True)
class Answer:
    """The record that a creation answered with, as JSON text, and whether it was made by an earlier request."""

    body: str
    replayed: bool


def create_once(
    runtime: Runtime, principal: Principal, command: Create, key: str, request_hash: bytes, cause: str
) -> Answer:
    """Carry out a creation unless its key was used within a day; then give the first answer. Raises KeyReused.

    Key, record and answer are written in one transaction; of two requests at once the second waits for the first.
    """
    with runtime.unit(principal, cause) as unit:
        earlier = idempotency.claim(unit.connection, principal.user, key, request_hash, unit.now)
        if earlier is not None:
            if earlier.request_hash != request_hash:
                raise KeyReused(path="Idempotency-Key")
            return Answer(earlier.body, replayed=True)
        row = apply(unit, command)
        unit.flush()
        body = written_record(unit, command.object, row) or get_record(unit, command.object, row["id"])
        idempotency.remember(unit.connection, principal.user, key, body)
        return Answer(body, replayed=False)
