"""Judging: the reviewer's verdicts, the owner's appeal, and the second reviewer's decision.

Reviews and verdicts are ordinary records that nobody has a grant to change: they change here alone, as far as who acts is
the one whose turn it is.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from chengdan.base.errors import ChengdanError
from chengdan.kernel.access import Act
from chengdan.kernel.draw import rank
from chengdan.kernel.process_audit import ProcessAudit, ReviewStatus
from chengdan.run.action import apply
from chengdan.run.audits.drawing import CAUSE
from chengdan.run.commands import Update
from chengdan.run.errors import Forbidden, NotFound
from chengdan.run.explain import seen
from chengdan.run.following import automation
from chengdan.store import population, records
from chengdan.store.unit import Row, Unit

JUDGING = (ReviewStatus.ASSIGNED, ReviewStatus.APPEALED)


class NotYourTurn(ChengdanError):
    """A review that is not where this step can be taken."""

    code = "AUDIT-005"
    status = 409
    zh = "审计单现在是“{status}”，不能做这一步。"
    en = "The review is `{status}` now; this step can't be taken."
    hint_zh = "刷新页面看现在轮到谁。"
    hint_en = "Reload to see whose turn it is."


class VerdictsMissing(ChengdanError):
    code = "AUDIT-006"
    status = 422
    zh = "还有 {count} 项没有判定：{names}。"
    en = "{count} verdicts are missing: {names}."
    hint_zh = "逐项判定后再提交。"
    hint_en = "Give each its verdict, then submit."


class ReasonMissing(ChengdanError):
    code = "AUDIT-007"
    status = 422
    zh = "请写明理由。"
    en = "A reason is needed."


class NoSecondReviewer(ChengdanError):
    code = "AUDIT-008"
    status = 409
    zh = "没有可以复核的第二位审计人。"
    en = "There is no second reviewer."
    hint_zh = "请管理员给另一位与此无关的同事加上角色“{role}”。"
    hint_en = "Let an administrator give the role {role} to somebody who is not tied to it."


def audit_of(unit: Unit, name: str) -> ProcessAudit:
    """The audit of that name, if the viewer may see its reviews. Raises NotFound."""
    audit = unit.snapshot.audits.get(name)
    if audit is None or not unit.snapshot.access(unit.principal, audit.reviews).may(Act.READ):
        raise NotFound()
    return audit


def give_verdict(unit: Unit, audit: ProcessAudit, id: UUID, changes: Mapping[str, Any]) -> Row:
    """Judge one deliverable: `verdict` and `note`. Raises NotFound, Forbidden, NotYourTurn, and what an update raises."""
    verdict = seen(unit, audit.verdicts, id)
    review = _held(unit, audit, verdict["review"], JUDGING)
    if review["owner"] != unit.actor:
        raise Forbidden()
    return _update(unit, audit.verdicts, verdict, changes)


def submit(unit: Unit, audit: ProcessAudit, id: UUID, remark: str) -> Row:
    """Hand in all verdicts: the score goes to the owner, after an appeal for good.

    A second reviewer says why it stays or changes. Raises NotFound, Forbidden, NotYourTurn, VerdictsMissing, ReasonMissing.
    """
    review = _held(unit, audit, id, JUDGING)
    if review["owner"] != unit.actor:
        raise Forbidden()
    verdicts = verdicts_of(unit, audit, id)
    open = [verdict["name"] for verdict in verdicts if verdict["verdict"] is None]
    if open:
        raise VerdictsMissing(count=len(open), names="、".join(open[:5]))
    score = audit.score((verdict["weight"], verdict["verdict"]) for verdict in verdicts)
    if review["status"] == ReviewStatus.ASSIGNED:
        changes = {"status": ReviewStatus.JUDGED, "score": score, "first_score": score, "remark": remark or None, "judged_at": unit.now}  # fmt: skip
    elif not remark.strip():
        raise ReasonMissing(path="remark")
    else:
        changes = {"status": ReviewStatus.FINAL, "score": score, "decision": remark, "final_at": unit.now}
    return _update(unit, audit.reviews, review, changes)


def accept(unit: Unit, audit: ProcessAudit, id: UUID) -> Row:
    """The owner takes the result as it is. Raises NotFound, Forbidden, NotYourTurn."""
    review = _judged_ones(unit, audit, id)
    return _update(unit, audit.reviews, review, {"status": ReviewStatus.FINAL, "final_at": unit.now})


def appeal(unit: Unit, audit: ProcessAudit, id: UUID, reason: str, contested: Iterable[UUID]) -> Row:
    """The owner contests some verdicts, or all: the review goes to a second reviewer, whoever has least to do.

    Raises NotFound, Forbidden, NotYourTurn, ReasonMissing, NoSecondReviewer.
    """
    review = _judged_ones(unit, audit, id)
    if not reason.strip():
        raise ReasonMissing(path="reason")
    second = _second(unit, audit, review)
    wanted = set(contested)
    for verdict in verdicts_of(unit, audit, id):
        if verdict["id"] in wanted:
            _update(unit, audit.verdicts, verdict, {"contested": True})
    changes = {"status": ReviewStatus.APPEALED, "appeal": reason, "second_reviewer": str(second), "owner": str(second)}  # fmt: skip
    return _update(unit, audit.reviews, review, changes)


def _judged_ones(unit: Unit, audit: ProcessAudit, id: UUID) -> Row:
    """A review that is judged and about the actor's own work, held."""
    review = _held(unit, audit, id, (ReviewStatus.JUDGED,))
    if review["judged"] != unit.actor:
        raise Forbidden()
    return review


def pass_on(unit: Unit, audit: ProcessAudit, review: Row) -> UUID:
    """Give a review in hand to another reviewer, as its reviewer leaves; who that is. Raises NoSecondReviewer."""
    other = _second(unit, audit, review)
    pass_to(unit, audit, review, other)
    return other


def pass_to(unit: Unit, audit: ProcessAudit, review: Row, person: UUID) -> None:
    """Let somebody go on with a review in hand. Who was drawn stays written down, so that the draw can be recomputed."""
    changes: dict[str, str | None]
    if review["status"] == ReviewStatus.APPEALED:
        changes = {"second_reviewer": str(person)}
    else:
        changes = {"stand_in": None if person == review["reviewer"] else str(person)}
    _update(unit, audit.reviews, review, {**changes, "owner": str(person)})


def _second(unit: Unit, audit: ProcessAudit, review: Row) -> UUID:
    """Another reviewer who is not tied to the subject: the one with the fewest reviews in hand, ties broken by the review's id."""
    naming = {*audit.apart, audit.judged}
    subject = records.fetch(_clerk(unit), audit.object, review["subject"], naming) or {}
    apart = {subject.get(name) for name in naming} | {review["judged"]}
    had = {review["owner"], review["reviewer"], review["stand_in"]}
    free = [
        id
        for id, teams in population.reviewers(unit, audit.role)
        if id not in had and not apart & {id, *teams}
    ]
    if not free:
        raise NoSecondReviewer(role=unit.snapshot.roles[audit.role].label)
    load = population.in_hand(unit, audit.reviews, free, JUDGING)
    seed = review["id"].bytes
    return min(free, key=lambda who: (load.get(who, 0), rank(seed, "second", who)))


VERDICT_COLUMNS = ("id", "version", "name", "deliverable", "stage", "weight", "shown", "verdict", "note", "contested")  # fmt: skip


def verdicts_of(unit: Unit, audit: ProcessAudit, review: UUID) -> list[Row]:
    """The verdicts of a review in the order of the pipeline's deliverables."""
    pipeline = unit.snapshot.pipeline_of(audit.object)
    order = [item.name for _, item in pipeline.deliverables()] if pipeline else []
    if unit.pending(audit.verdicts):
        unit.flush()
    found = records.children(_clerk(unit), audit.verdicts, "review", review, VERDICT_COLUMNS)
    place = {name: index for index, name in enumerate(order)}
    return sorted((dict(row) for row in found), key=lambda row: place.get(row["deliverable"], len(order)))


def _held(unit: Unit, audit: ProcessAudit, id: UUID, statuses: tuple[ReviewStatus, ...]) -> Row:
    """A review within the actor's reach, locked, in one of these states. Raises NotFound, NotYourTurn."""
    seen(unit, audit.reviews, id)
    row = records.lock(_clerk(unit), audit.reviews, [id])[id].row
    if row["status"] not in statuses:
        options = {
            one.value: one.label for one in unit.snapshot.objects[audit.reviews].by_name["status"].options
        }
        raise NotYourTurn(status=options.get(row["status"], row["status"]))
    return row


def _update(unit: Unit, object: str, row: Row, changes: Mapping[str, Any]) -> Row:
    return apply(_clerk(unit), Update(object, row["id"], row["version"], changes))


def _clerk(unit: Unit) -> Unit:
    """The same transaction and the same person at the keyboard, with the rights to keep the books of an audit."""
    return unit.within(automation(unit.principal), CAUSE)
