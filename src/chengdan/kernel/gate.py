"""Gates: does a record show what a stage demands? Pure; the same answer explains a button, decides a move and back-tests."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as attribute
from typing import Any, NamedTuple
from uuid import UUID

from chengdan.base.errors import ChengdanError
from chengdan.expr import Context, Kind, Needs
from chengdan.kernel.filling import fingerprint, needs_of
from chengdan.kernel.pipeline import Deliverable, DeliverableKind, Pipeline, Stage
from chengdan.kernel.snapshot import Compiled, Snapshot

CHECKLIST = "checklist"


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature that is filed under a record: whether it counts, and the fingerprint of what was signed (empty: not known)."""

    valid: bool
    fingerprint: str = ""


@dataclass(frozen=True)
class Evidence:
    """What is known around a record beside its fields: the context with its facts, files by the kind they are filed as, and
    signatures by the deliverable they are for."""

    context: Context
    files: Mapping[str, int]
    signatures: Mapping[str, Sequence[Signature]] = attribute(default_factory=dict)


class Standing(NamedTuple):
    """How a record stands towards one deliverable: met or not, and how many of the demanded things it has."""

    stage: Stage
    deliverable: Deliverable
    met: bool
    have: int
    note: str = ""
    """Why what is there doesn't count: `unsigned` or `differs`."""


class Unmet(ChengdanError):
    """One deliverable that is missing."""

    status = 409
    zh = "缺少{label}。"
    en = "{label} is missing."
    hint_zh = "{hint}"
    hint_en = "{hint}"

    def __init__(self, standing: Standing) -> None:
        item = standing.deliverable
        self.standing = standing
        super().__init__(path=item.field or item.name, label=item.label, hint=item.hint)

    @property
    def hard(self) -> bool:
        return self.standing.deliverable.hard


class FieldUnmet(Unmet):
    code = "GATE-010"


class ConditionUnmet(Unmet):
    code = "GATE-011"
    zh = "未满足：{label}。"
    en = "Not met: {label}."


class FileUnmet(Unmet):
    code = "GATE-012"


class ChecklistUnmet(Unmet):
    code = "GATE-013"
    zh = "未完成：{label}。"
    en = "Not done: {label}."


class RecordUnmet(Unmet):
    code = "GATE-014"


class SignatureUnmet(Unmet):
    code = "GATE-015"
    zh = "缺少签字：{label}。"
    en = "Not signed: {label}."


class SignatureDiffers(Unmet):
    """It was signed, but the record says something else by now."""

    code = "GATE-016"
    zh = "{label}签字后，内容有改动。"
    en = "{label}: what was signed has changed since."
    hint_zh = "请客户对新内容重新签字，或改回签字时的内容。"
    hint_en = "Have the new content signed, or set it back to what was signed."


class ScanUnsigned(Unmet):
    """A form was filed, but no signature was found on it."""

    code = "GATE-017"
    zh = "{label}：扫描件上没有找到签字。"
    en = "{label}: no signature was found on the scan."
    hint_zh = "上传签好的扫描件，或请有权限的人确认。"
    hint_en = "Upload the signed form, or ask somebody who may confirm it."


_UNMET: Mapping[DeliverableKind, type[Unmet]] = {
    DeliverableKind.FIELD: FieldUnmet,
    DeliverableKind.CONDITION: ConditionUnmet,
    DeliverableKind.FILE: FileUnmet,
    DeliverableKind.CHECKLIST: ChecklistUnmet,
    DeliverableKind.RECORD: RecordUnmet,
    DeliverableKind.SIGNATURE: SignatureUnmet,
}
_NOTED: Mapping[str, type[Unmet]] = {"unsigned": ScanUnsigned, "differs": SignatureDiffers}


def unmet(standing: Standing) -> Unmet:
    """The reason that a deliverable which isn't met gives."""
    kind = _NOTED.get(standing.note) or _UNMET[standing.deliverable.kind]
    return kind(standing)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A move that was tried: of which record, and from where (None: it is new) to where."""

    object: str
    record: UUID
    pipeline: str
    origin: str | None
    target: str


class GateBlocked(ChengdanError):
    """A move refused; holds every reason, and the attempt."""

    code = "GATE-001"
    status = 409
    zh = "还不能进入“{stage}”：有 {count} 项未完成。"
    en = "{stage} can't be entered yet: {count} things are missing."
    hint_zh = "补齐所列各项后再试。"
    hint_en = "Provide what is listed, then try again."

    def __init__(self, stage: Stage, unmet: Iterable[Unmet], attempt: Attempt) -> None:
        self.unmet = tuple(unmet)
        self.attempt = attempt
        super().__init__(stage=stage.label, count=len(self.unmet))

    def reasons(self) -> tuple[Unmet, ...]:
        return self.unmet


class ReasonNeeded(GateBlocked):
    """A move that only soft deliverables hold up: it goes on with a reason."""

    code = "GATE-002"
    zh = "进入“{stage}”前有 {count} 项建议完成；要继续请写明原因。"
    en = "{count} things should come before {stage}; to go on, give a reason."
    hint_zh = "补齐所列各项，或填写原因。"
    hint_en = "Provide what is listed, or give a reason."


class DueFirst(ChengdanError):
    """A child that asks for deliverables of its parent first; holds every one that lacks, and of which record."""

    code = "GATE-005"
    status = 409
    zh = "请先补齐“{record}”的 {count} 项交付物。"
    en = "{count} deliverables of {record} come first."
    hint_zh = "补齐所列各项后再试。"
    hint_en = "Provide what is listed, then try again."

    def __init__(self, object: str, id: UUID, record: str, lacking: Iterable[Unmet]) -> None:
        self.unmet = tuple(lacking)
        self.object, self.id = object, id
        super().__init__(record=record, count=len(self.unmet))

    def reasons(self) -> tuple[Unmet, ...]:
        return self.unmet


class OverrideNotPermitted(ChengdanError):
    """An override by someone whose role does not carry it."""

    code = "GATE-003"
    status = 403
    zh = "您没有越过关卡的权限。"
    en = "You may not override a gate."
    hint_zh = "请补齐交付物，或请有权限的人处理。"
    hint_en = "Provide the deliverables, or ask someone who may."


class NoSuchStage(ChengdanError):
    """A move to a stage that the pipeline does not have."""

    code = "GATE-004"
    status = 422
    zh = "没有阶段“{name}”。"
    en = "There is no stage `{name}`."
    hint_zh = "可选：{stages}"
    hint_en = "Stages: {stages}"

    @classmethod
    def among(cls, pipeline: Pipeline, name: str) -> "NoSuchStage":
        """That `name` is none of the pipeline's stages."""
        stages = ", ".join(stage.name for stage in pipeline.stages)
        return cls(path=pipeline.field, name=name, stages=stages)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the gate says to a move: everything it lacks, hard and soft."""

    stage: Stage
    unmet: tuple[Unmet, ...]

    @property
    def outcome(self) -> str:
        """`allowed`, `needs_reason` (only soft deliverables lack) or `blocked`."""
        if not self.unmet:
            return "allowed"
        return "blocked" if any(item.hard for item in self.unmet) else "needs_reason"


def check(
    snapshot: Snapshot,
    pipeline: Pipeline,
    record: Mapping[str, Any],
    evidence: Evidence,
    origin: str | None,
    target: str,
) -> Verdict:
    """Whether `record` may move from `origin` (None: it is new) to `target`. Raises NoSuchStage."""
    if not pipeline.has(target):
        raise NoSuchStage.among(pipeline, target)
    standings = [
        stand(snapshot, pipeline, stage, item, record, evidence)
        for stage, item in pipeline.passed(origin, target)
    ]
    return Verdict(pipeline.stage(target), tuple([unmet(found) for found in standings if not found.met]))


def stand(
    snapshot: Snapshot,
    pipeline: Pipeline,
    stage: Stage,
    item: Deliverable,
    record: Mapping[str, Any],
    evidence: Evidence,
) -> Standing:
    """How `record` stands towards one deliverable."""
    if item.kind is DeliverableKind.SIGNATURE:
        return _signed(snapshot, stage, item, record, evidence)
    have = _have(snapshot, pipeline, item, record, evidence)
    return Standing(stage, item, have >= max(item.count, 1), have)


def _signed(
    snapshot: Snapshot, stage: Stage, item: Deliverable, record: Mapping[str, Any], evidence: Evidence
) -> Standing:
    """Signatures that count; with `fresh` only those of what the record says now."""
    filed = evidence.signatures.get(item.name, ())
    valid = [signature for signature in filed if signature.valid]
    template = snapshot.templates.get(item.template)
    fresh = valid
    if item.fresh and valid and template is not None:
        now = fingerprint(snapshot, template, record, evidence.context)
        fresh = [signature for signature in valid if signature.fingerprint == now]
    have, wanted = len(fresh), max(item.count, 1)
    note = (
        ""
        if have >= wanted
        else "differs"
        if len(valid) > have
        else "unsigned"
        if filed and not valid
        else ""
    )
    return Standing(stage, item, have >= wanted, have, note)


def _have(
    snapshot: Snapshot, pipeline: Pipeline, item: Deliverable, record: Mapping[str, Any], evidence: Evidence
) -> int:
    if item.kind is DeliverableKind.FILE:
        return evidence.files.get(item.file_kind, 0)
    if item.kind is DeliverableKind.CHECKLIST:
        return int(item.name in (record.get(CHECKLIST) or {}))
    compiled = demand(snapshot, pipeline.object, item)
    value = compiled.run(record, evidence.context) if compiled else None
    if item.kind is DeliverableKind.FIELD:
        return int(is_filled(value))
    return int(value or 0)


def is_filled(value: Any) -> bool:
    """Whether a field counts as filled in; zero does, `false` and empty text don't."""
    return value is not None and value is not False and value != "" and value != []


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What judging some deliverables reads around a record: facts, and whether its files and its signatures."""

    needs: Needs
    files: bool
    signatures: bool

    @classmethod
    def of(cls, snapshot: Snapshot, object: str, items: Iterable[Deliverable]) -> "Surroundings":
        """For deliverables of the pipeline over `object`."""
        found: list[Needs] = []
        kinds: set[DeliverableKind] = set()
        for item in items:
            kinds.add(item.kind)
            compiled = demand(snapshot, object, item)
            if compiled is not None:
                found.append(compiled.needs)
            if item.fresh and item.template in snapshot.templates:
                found.append(needs_of(snapshot, snapshot.templates[item.template]))
        return cls(Needs.joined(found), DeliverableKind.FILE in kinds, DeliverableKind.SIGNATURE in kinds)


def demand(snapshot: Snapshot, object: str, item: Deliverable) -> Compiled | None:
    """The expression behind a deliverable: the field's value, the condition, or the number of fitting children."""
    if item.kind is DeliverableKind.FIELD:
        return snapshot.compiled(object, item.field)
    if item.kind is DeliverableKind.CONDITION:
        return snapshot.compiled(object, item.condition, expect=Kind.BOOLEAN)
    if item.kind is DeliverableKind.RECORD:
        counted = f"{item.of}.count(item, {item.condition})" if item.condition else f"{item.of}.count()"
        return snapshot.compiled(object, counted, expect=Kind.NUMBER)
    return None
