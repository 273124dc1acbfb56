"""Activities: by far the most numerous records, so they are written out as rows without a `Story` each."""

from collections.abc import Callable, Iterator
from datetime import datetime
from random import Random
from typing import NamedTuple
from uuid import UUID

from chengdan.sales.demo.batch import CREATED, SYSTEM_COLUMNS, Batch, instant_of
from chengdan.sales.demo.course import DEMO, PROSPECTING, Course
from chengdan.sales.demo.leads import Touch
from chengdan.sales.demo.temper import NO_RESPONSE, Response, Tempered
from chengdan.sales.demo.words import CONTENT, SUBJECTS
from chengdan.sales.demo.workdays import WorkDays

FIELDS = (
    "subject",
    "kind",
    "at",
    "minutes",
    "outcome",
    "content",
    "opportunity",
    "account",
    "contact",
    "lead",
)
_COLUMNS = (*SYSTEM_COLUMNS, *FIELDS)
_KINDS = (
    "call",
    "call",
    "call",
    "call",
    "meeting",
    "meeting",
    "visit",
    "visit",
    "email",
    "email",
    "demo",
    "note",
)
_MINUTES = {"call": 15, "meeting": 60, "visit": 120, "email": 10, "demo": 90, "note": 5}
_OUTCOMES = (
    "positive",
    "positive",
    "positive",
    "neutral",
    "neutral",
    "neutral",
    "neutral",
    "negative",
    "no_answer",
)
_DAYS_BETWEEN = 2.8
_MOST = 24
_EARLY = 3600
_TOUCHING_KINDS = 10
_ASKED_FOR = 2
"""How many of an opportunity's first activities its gates may ask for: they took place, whatever the mood."""

_Related = tuple[UUID | None, UUID | None, UUID | None, UUID | None]


class Written(NamedTuple):
    """A mail that an activity tells of: on what course and when, about what, and what it led to."""

    course: Course
    at: datetime
    subject: str
    response: Response


def activities(
    rng: Random,
    days: WorkDays,
    courses: list[Course],
    touches: list[Touch],
    tempered: Tempered,
    written: list[Written],
) -> Batch:
    """What was done on these opportunities and leads: about ten activities an opportunity, fewer with those who are cold.

    `written` is told the mails among it.
    """
    made = Batch("activity", _COLUMNS, [], [])
    for course in courses:
        for number, (day, second, kind) in enumerate(_schedule(rng, days, course)):
            account = course.customer.id if course.customer else None
            by = course.presales if kind == "demo" and course.presales else course.owner
            response = tempered.response(account, day, kind, asked_for=number < _ASKED_FOR)
            related = (course.id, account, course.contact, None)
            subject = _log(made, rng, days, (day, second), (by, course.team), kind, related, response)
            if kind == "email" and subject:
                written.append(Written(course, days.instant(day, second), subject, response))
    for touch in touches:
        who = (touch.seat.user, touch.seat.team)
        _log(made, rng, days, (touch.day, touch.second), who, "call", (None, None, None, touch.lead))
    made.events.sort(key=instant_of)
    return made


def _schedule(rng: Random, days: WorkDays, course: Course) -> Iterator[tuple[int, int, str]]:
    """Day, second and kind of each activity of an opportunity; the ones that its gates ask for are among them."""
    entered, start, last = course.walk.entered, course.walk.entered[0], course.touched
    draw = rng.random
    if course.walk.stage > PROSPECTING:
        yield _before(draw, start, entered[1]), int(draw() * _EARLY), "call"
    if course.walk.stage > DEMO:
        yield _before(draw, entered[DEMO], entered[DEMO + 1]), int(draw() * _EARLY), "demo"
    if course.walk.end is None and last > entered[-1]:
        yield last, int(draw() * days.seconds(last)), _KINDS[int(draw() * _TOUCHING_KINDS)]
    span = last - start
    for _ in range(min(_MOST, int(span / _DAYS_BETWEEN * (0.5 + draw())))):
        day = start + 1 + int(draw() * (span - 1))
        yield day, int(draw() * days.seconds(day)), _KINDS[int(draw() * len(_KINDS))]


def _before(draw: Callable[[], float], entered: int, left: int) -> int:
    """A day after `entered` and no later than `left`, when the stage is left: stages are left after the first hour."""
    return entered + 1 + int(draw() * (left - entered))


def _log(
    batch: Batch,
    rng: Random,
    days: WorkDays,
    when: tuple[int, int],
    who: tuple[UUID, UUID],
    kind: str,
    related: _Related,
    response: Response = NO_RESPONSE,
) -> str:
    """Append one activity: `when` is a day and a second, `who` a user and a team; returns its subject.

    One that did not come about is left out, and has none.
    """
    draw = rng.random
    day, second = when
    by, team = who
    opportunity, account, contact, lead = related
    id, at = days.id(rng, day, second), days.instant(day, second)
    subjects, contents = SUBJECTS[kind], CONTENT[kind]
    subject, content = subjects[int(draw() * len(subjects))], contents[int(draw() * len(contents))]
    minutes = _MINUTES[kind]
    outcome = response.outcome or _OUTCOMES[int(draw() * len(_OUTCOMES))]
    if not response.came_about:
        return ""
    values = {
        "subject": subject,
        "kind": kind,
        "at": at,
        "minutes": minutes,
        "outcome": outcome,
        "content": content,
        "owner": by,
        "team": team,
    }
    if opportunity is None:
        values["lead"] = lead
    else:
        values["opportunity"] = opportunity
        if account is not None:
            values["account"] = account
            values["contact"] = contact
    batch.rows.append(
        (
            id,
            1,
            by,
            team,
            at,
            by,
            at,
            by,
            subject,
            kind,
            at,
            minutes,
            outcome,
            content,
            opportunity,
            account,
            contact,
            lead,
        )
    )
    batch.events.append((at, by, CREATED, id, {"values": values, "version": 1}))
    return subject
