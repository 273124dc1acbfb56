"""Signatures as commands: a paper filed as signed, and somebody who answers for one on which no signature was found."""

from chengdan.base.errors import ChengdanError
from chengdan.base.ids import new_id
from chengdan.kernel.event import Event, EventKind
from chengdan.kernel.object import Object
from chengdan.kernel.pipeline import Deliverable, DeliverableKind
from chengdan.kernel.snapshot import Snapshot
from chengdan.run import filing
from chengdan.run.commands import Attach, Sign, Vouch
from chengdan.run.errors import NotFound
from chengdan.run.holding import hold, object_of, require
from chengdan.run.passing import in_words
from chengdan.store import signatures
from chengdan.store.signatures import SIGNED, UNSIGNED
from chengdan.store.unit import Row, Unit

PERMISSION = "vouch_signature"


class NothingToSign(ChengdanError):
    """A deliverable that is not there, or that is no signature."""

    code = "SIGN-001"
    status = 404
    zh = "没有需要签字的“{name}”。"
    en = "There is nothing to sign called `{name}`."


class ReasonMissing(ChengdanError):
    code = "SIGN-002"
    status = 422
    zh = "请写明为什么确认已签字。"
    en = "Say why you confirm that it is signed."


def wanted(snapshot: Snapshot, item: Object, name: str) -> Deliverable:
    """The deliverable that asks for a signature. Raises NothingToSign."""
    pipeline = snapshot.pipeline_of(item.name)
    found = pipeline.deliverable(name) if pipeline else None
    if found is None or found.kind is not DeliverableKind.SIGNATURE:
        raise NothingToSign(path="deliverable", name=name)
    return found


def sign(unit: Unit, command: Sign) -> Row:
    """File the paper under the record, and keep whether there is a signature on it. Raises NothingToSign, NotFound."""
    item, _ = object_of(unit, command.object)
    deliverable = wanted(unit.snapshot, item, command.deliverable)
    row = filing.attach(unit, Attach(command.object, command.id, command.file, deliverable.filed_as))
    id, state = new_id(), SIGNED if command.found else UNSIGNED
    unit.later(
        signatures.INSERT,
        (
            id,
            command.object,
            command.id,
            deliverable.name,
            command.file,
            command.method,
            state,
            command.fingerprint,
            command.signer,
            command.document,
            command.address,
            command.device,
            unit.now,
            unit.actor,
        ),
    )
    facts = {
        "deliverable": deliverable.name,
        "signature": id,
        "file": command.file,
        "method": command.method,
        "signer": command.signer,
        "document": command.document,
    }
    kind = EventKind.SIGNED if command.found else EventKind.SIGNATURE_MISSING
    unit.record(Event(kind, command.object, command.id, facts))
    return row


def vouch(unit: Unit, command: Vouch) -> Row:
    """Let an unsigned paper count on somebody's word, which is kept. Raises NotPermitted, ReasonMissing, NotFound."""
    object_of(unit, command.object)
    require(unit, PERMISSION)
    reason = in_words(command.reason)
    if not reason:
        raise ReasonMissing(path="reason")
    row = hold(unit, command.object, command.id, None)
    found = unit.execute(signatures.VOUCH, (reason, command.signature, command.id)).fetchone()
    if found is None:
        raise NotFound(path="signature")
    facts = {
        "deliverable": found[0],
        "signature": command.signature,
        "file": found[1],
        "reason": reason,
    }
    unit.record(Event(EventKind.SIGNATURE_VOUCHED, command.object, command.id, facts))
    return row
