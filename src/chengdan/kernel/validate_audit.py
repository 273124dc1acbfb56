"""Validation of process audits."""

from collections.abc import Iterable
from functools import partial

from chengdan.expr import Kind
from chengdan.kernel.fault import Found, checks, contradiction, fault, unknown
from chengdan.kernel.field import FieldType
from chengdan.kernel.object import Object
from chengdan.kernel.process_audit import (
    BONUS_INPUTS,
    DRAW_FIELDS,
    REVIEW_FIELDS,
    VERDICT_FIELDS,
    ProcessAudit,
)
from chengdan.kernel.snapshot import PEOPLE, Snapshot

STRATIFYING = (FieldType.SELECT, FieldType.REFERENCE, FieldType.USER, FieldType.BOOLEAN)
NAMING = (FieldType.USER, FieldType.REFERENCE)


def validate_audit(snapshot: Snapshot, audit: ProcessAudit) -> Found:
    """Every problem of one audit."""
    yield from _kept(snapshot, audit)
    item, pipeline = snapshot.object(audit.object), snapshot.pipeline_of(audit.object)
    if item is None:
        yield unknown(audit.place, "对象", "object", audit.object, snapshot.objects)
        return
    if pipeline is None:
        yield contradiction(audit.place, f"“{item.name}”没有流程", f"`{item.name}` has no pipeline")
        return
    if audit.role not in snapshot.roles:
        yield unknown(audit.place, "角色", "role", audit.role, snapshot.roles)
    if not audit.points:
        yield contradiction(audit.place, "points 里没有判定", "`points` names no verdict")
    yield from _fields(audit, item, audit.strata, STRATIFYING)
    yield from _fields(audit, item, audit.apart, NAMING)
    yield from _fields(audit, item, [audit.judged], (FieldType.USER,))
    if audit.where:
        yield from checks(audit.place, snapshot, audit.object, audit.where, Kind.BOOLEAN)
    known = {deliverable.name for _, deliverable in pipeline.deliverables()}
    for question in audit.questions:
        if question.deliverable not in known:
            yield unknown(question.place, "交付物", "deliverable", question.deliverable, known)
        if not 0 <= question.weight <= 100:
            yield contradiction(question.place, "weight 应为 0–100", "`weight` must be 0–100")
    if audit.bonus:
        compile = partial(snapshot.compiled, PEOPLE, audit.bonus, expect=Kind.NUMBER, extra=BONUS_INPUTS)
        yield from fault(audit.place, compile)


def _kept(snapshot: Snapshot, audit: ProcessAudit) -> Found:
    """The objects in which draws, reviews and verdicts are kept must have the fields that they are kept in."""
    for name, fields in (
        (audit.draws, DRAW_FIELDS),
        (audit.reviews, REVIEW_FIELDS),
        (audit.verdicts, VERDICT_FIELDS),
    ):
        item = snapshot.object(name)
        if item is None:
            yield unknown(audit.place, "对象", "object", name, snapshot.objects)
            continue
        for field in fields:
            if item.field(field) is None:
                yield unknown(
                    item.place, "审计要用的字段", "field, which the audit needs,", field, item.by_name
                )


def _fields(audit: ProcessAudit, item: Object, names: Iterable[str], types: tuple[FieldType, ...]) -> Found:
    for name in names:
        field = item.field(name)
        if field is None or field.type not in types:
            yield unknown(audit.place, "合适的字段", "suitable field", name, item.by_name)
