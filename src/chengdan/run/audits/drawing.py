"""The three steps of a draw: the list is fixed and hashed, the chain of events gives the seed, the reviews go out.

Nobody chooses the seed: it is the hash of the first seal that covers the event by which the list was announced, which
nobody knows when the list is fixed. Whoever announces twice, or late, finds the period taken.
"""

import logging
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

from chengdan.base.errors import ChengdanError
from chengdan.kernel.access import NOBODY, Principal
from chengdan.kernel.calendar import SHANGHAI
from chengdan.kernel.draw import DrawList, Member, Reviewer, read_list, text_hash
from chengdan.kernel.gate import stand
from chengdan.kernel.process_audit import DrawStatus, ProcessAudit, ReviewStatus
from chengdan.kernel.snapshot import AUTOMATION
from chengdan.run.action import apply
from chengdan.run.audits.strata import stratum_names
from chengdan.run.commands import Create, Update
from chengdan.run.errors import DuplicateValue
from chengdan.run.passing import gather
from chengdan.run.read import viewer_filter, viewing
from chengdan.run.runtime import Runtime
from chengdan.store import population
from chengdan.store.preload import preload
from chengdan.store.unit import Row, Unit

CLERK = Principal(NOBODY, AUTOMATION.name, frozenset({AUTOMATION.name}))
CAUSE = "audit"
OPENS = time(9)
"""When a period begins on its first day, by the clock of Shanghai."""
MAX_POPULATION = 1_000_000
_log = logging.getLogger(__name__)


class PopulationTooLarge(ChengdanError):
    code = "AUDIT-001"
    status = 422
    zh = "“{label}”的范围有 {count} 条记录，超过 {limit} 条。"
    en = "{label} covers {count} records, more than {limit}."
    hint_zh = "在定义的 where 里缩小范围。"
    hint_en = "Narrow `where` in its definition."


def advance(runtime: Runtime) -> int:
    """Take every audit the steps that are due; how many were taken. What fails is logged and tried again next time."""
    taken = 0
    for audit in runtime.snapshot.audits.values():
        for step in (announce, publish_seed, carry_out):
            try:
                taken += bool(step(runtime, audit))
            except ChengdanError as error:
                _log.warning("the audit %s could not go on with `%s`: %s", audit.name, step.__name__, error)
                break
    return taken


def announce(
    runtime: Runtime, audit: ProcessAudit, day: date | None = None, notice: timedelta | None = None
) -> UUID | None:
    """Fix the list of the period that is on, keep it and publish its hash; the id of the draw, None where that was done.

    `day` is one in another period, `notice` another time to the draw: for a company that is made up.

    Raises PopulationTooLarge.
    """
    now = runtime.clock()
    first = audit.period(day or now.astimezone(SHANGHAI).date())
    if first is None or now < datetime.combine(first, OPENS, SHANGHAI):
        return None
    period = f"{audit.name}/{first}"
    if _draw(runtime, audit, f'period == "{period}"') is not None:
        return None
    with runtime.reader(CLERK) as reader:
        found = list_now(reader, audit, first.isoformat())
    due = timedelta(hours=audit.notice_hours) if notice is None else notice
    text = found.text()
    hash = runtime.blobs.put(BytesIO(text.encode()), name=f"{first}.jsonl").sha256
    values = {
        "name": f"{first}",
        "period": period,
        "status": DrawStatus.ANNOUNCED,
        "announced_at": now,
        "draw_at": now.replace(microsecond=0) + due,
        "population": len(found.members),
        "list_hash": hash,
        "share": f"{float(audit.share * 100):g}",
    }
    try:
        with runtime.unit(CLERK, CAUSE) as unit:
            id: UUID = apply(unit, Create(audit.draws, values))["id"]
    except DuplicateValue:
        return None
    return id


def list_now(reader: Unit, audit: ProcessAudit, period: str) -> DrawList:
    """The records that may be drawn as they stand now, and who may review. Raises PopulationTooLarge."""
    item = reader.snapshot.objects[audit.object]
    filter = viewer_filter(reader, item, [audit.where] if audit.where else [])
    columns = [*audit.strata, *audit.apart, audit.judged]
    width = len(audit.strata)
    members = [
        Member(
            id,
            tuple("" if value is None else str(value) for value in values[:width]),
            values[-1],
            frozenset(value for value in (*values[width:-1], values[-1]) if value is not None),
        )
        for id, *values in population.population(reader, viewing(reader), item.name, filter, columns)
    ]
    if len(members) > MAX_POPULATION:
        raise PopulationTooLarge(label=audit.label, count=len(members), limit=MAX_POPULATION)
    people = [Reviewer(id, frozenset((id, *teams))) for id, teams in population.reviewers(reader, audit.role)]
    return DrawList(audit.name, period, audit.share, tuple(members), tuple(people))


def publish_seed(runtime: Runtime, audit: ProcessAudit) -> UUID | None:
    """Publish the seed of a list that was announced, once a seal covers the announcement; the id of the draw."""
    draw = _draw(runtime, audit, f'status == "{DrawStatus.ANNOUNCED}"')
    if draw is None:
        return None
    with runtime.unit(CLERK, CAUSE) as unit:
        found = population.first_seal(unit.connection, draw["id"])
        if found is None:
            return None
        changes = {"status": DrawStatus.SEEDED, "seal": found[0], "seed": found[1]}
        apply(unit, Update(audit.draws, draw["id"], draw["version"], changes))
    id: UUID = draw["id"]
    return id


def carry_out(runtime: Runtime, audit: ProcessAudit) -> UUID | None:
    """Draw from a list whose seed is published and whose time has come, and hand out the reviews; the id of the draw."""
    draw = _draw(runtime, audit, f'status == "{DrawStatus.SEEDED}" and draw_at <= now()')
    if draw is None:
        return None
    found, seed = list_of(runtime, draw), bytes.fromhex(draw["seed"])
    holders = found.assigned(seed)
    with runtime.unit(CLERK, CAUSE, batch=True) as unit:
        changes = {"status": DrawStatus.DRAWN, "drawn_at": unit.now}
        apply(unit, Update(audit.draws, draw["id"], draw["version"], changes))
        preload(unit, audit.object, [member.id for member in found.members if member.id in holders])
        names = stratum_names(unit, audit, found.members)
        ways = population.demanded(unit, audit.object, list(holders))
        for member in found.drawn(seed):
            subject = unit.work.records.get((audit.object, member.id))
            if subject is not None:
                stratum = " · ".join(names.get(value, value) for value in member.stratum)
                review = _assign(unit, audit, draw["id"], subject, member.judged, holders[member.id], stratum)
                _ask(unit, audit, review, subject, ways.get(member.id, frozenset()))
    id: UUID = draw["id"]
    return id


def _assign(
    unit: Unit,
    audit: ProcessAudit,
    draw: UUID,
    subject: Row,
    judged: UUID | None,
    reviewer: UUID | None,
    stratum: str,
) -> Row:
    """Make the review of one record."""
    values = {
        "name": subject[unit.snapshot.objects[audit.object].title],
        "draw": str(draw),
        "subject": str(subject["id"]),
        "judged": judged and str(judged),
        "reviewer": reviewer and str(reviewer),
        "owner": reviewer and str(reviewer),
        "team": subject["team"] and str(subject["team"]),
        "stratum": stratum,
        "status": ReviewStatus.ASSIGNED,
    }
    return apply(unit, Create(audit.reviews, values))


def _ask(unit: Unit, audit: ProcessAudit, review: Row, subject: Row, way: frozenset[str]) -> None:
    """Ask for a verdict on each deliverable that the record's way demanded, also of one that was lost or went back since."""
    pipeline = unit.snapshot.pipeline_of(audit.object)
    if pipeline is None:
        return
    asked = [(at, item) for at, item in pipeline.deliverables() if item.name in way]
    evidence = gather(unit, pipeline, subject, [item for _, item in asked])
    for at, item in asked:
        question = audit.question(item.name)
        if question.weight:
            standing = stand(unit.snapshot, pipeline, at, item, subject, evidence)
            verdict = {
                "name": item.label.zh,
                "review": str(review["id"]),
                "deliverable": item.name,
                "stage": at.name,
                "weight": question.weight,
                "shown": standing.met,
                "owner": review["owner"] and str(review["owner"]),
                "team": review["team"] and str(review["team"]),
            }
            apply(unit, Create(audit.verdicts, verdict))


def list_of(runtime: Runtime, draw: Row) -> DrawList:
    """The list of a draw as it was kept. Raises BlobMissing, ListAltered."""
    with runtime.blobs.open(draw["list_hash"]) as stream:
        text = stream.read().decode()
    if text_hash(text) != draw["list_hash"]:
        raise ListAltered(name=draw["name"])
    return read_list(text)


class ListAltered(ChengdanError):
    code = "AUDIT-002"
    status = 409
    zh = "抽查“{name}”的名单与公布的哈希不符。"
    en = "The list of the draw {name} does not have the hash that was published."
    hint_zh = "从备份恢复文件夹 files 中的这份名单。"
    hint_en = "Put the list back into the folder `files` from a backup."


def _draw(runtime: Runtime, audit: ProcessAudit, condition: str) -> Row | None:
    """The oldest draw of an audit that satisfies a condition."""
    with runtime.reader(CLERK) as reader:
        item = reader.snapshot.objects[audit.draws]
        mine = f'starts_with(period, "{audit.name}/")'
        filter = viewer_filter(reader, item, [mine, condition])
        columns = ("version", "name", "list_hash", "seed")
        rows = population.population(reader, viewing(reader), item.name, filter, columns)
        first: Any = next(iter(rows), None)
    return dict(zip(("id", *columns), first, strict=True)) if first else None
