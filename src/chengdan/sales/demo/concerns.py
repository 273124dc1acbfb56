"""Concerns that customers raise, answered and confirmed by the time that the gates ask for it."""

from datetime import datetime
from random import Random

from chengdan.sales.demo.batch import Batch, Story, batch
from chengdan.sales.demo.course import DEMO, DISCOVERY, PROPOSAL, Course
from chengdan.sales.demo.customers import Customer
from chengdan.sales.demo.words import ANSWERS, CONCERNS
from chengdan.sales.demo.workdays import WorkDays

FIELDS = (
    "subject", "status", "category", "severity", "opportunity", "account", "raised_by", "raised_on", "answer",
    "answered_on", "confirmed_by", "confirmed_how", "confirmed_on",
)  # fmt: skip
_CATEGORIES = tuple(CONCERNS)
_HOW = ("meeting", "call", "chat", "email", "signature")
PIPELINE = "concern"
_SEVERITIES = ("high", "medium", "medium", "low")
_RAISE_ONE = 0.45
_DAYS_TO_ANSWER = 2.5
_DAYS_TO_CONFIRM = 3.5
_THIRD_OF_AN_HOUR = 1200


def concerns(rng: Random, days: WorkDays, courses: list[Course]) -> Batch:
    """The concerns of these opportunities, raised from discovery on."""
    stories = []
    for course in courses:
        if course.customer is None or course.walk.stage < DISCOVERY:
            continue
        while rng.random() < _RAISE_ONE:
            stage = DISCOVERY + int(rng.random() * (course.walk.stage - DISCOVERY + 1))
            story = _concern(rng, days, course, course.customer, stage)
            if story is not None:
                stories.append(story)
    return batch("concern", FIELDS, stories, staged=True)


def _concern(rng: Random, days: WorkDays, course: Course, customer: Customer, stage: int) -> Story | None:
    """A concern raised during `stage`; None when that stage began today.

    Everything about concerns happens in a day's first hour, and stages are left after it: so one that must be answered
    by the day a stage is left may be raised on that very day.
    """
    walk = course.walk
    horizon = days.last if walk.end is None else walk.end
    left = walk.entered[stage + 1] if stage < walk.stage else horizon
    if left == walk.entered[stage]:
        return None
    raised = walk.entered[stage] + 1 + int(rng.random() * (left - walk.entered[stage]))
    story = _raised(rng, days, course, customer, raised)
    answered = raised + int(rng.expovariate(1 / _DAYS_TO_ANSWER))
    if stage <= DEMO < walk.stage:
        answered = min(answered, walk.entered[PROPOSAL])
    confirmed = answered + 1 + int(rng.expovariate(1 / _DAYS_TO_CONFIRM))
    if walk.won:
        answered, confirmed = min(answered, horizon), min(confirmed, horizon)
    if answered <= horizon:
        answer = ANSWERS[int(rng.random() * len(ANSWERS))]
        who, at = course.presales or course.owner, _moment(rng, days, answered, 1)
        story.update(at, who, {"answer": answer, "answered_on": days.dates[answered]})
        story.move(at, who, PIPELINE, "status", "answered")
        if confirmed <= horizon:
            at = _moment(rng, days, confirmed, 2)
            said = {"confirmed_by": course.contact, "confirmed_how": _HOW[answered % len(_HOW)]}
            story.update(at, course.owner, {**said, "confirmed_on": days.dates[confirmed]})
            story.move(at, course.owner, PIPELINE, "status", "confirmed")
    return story


def _moment(rng: Random, days: WorkDays, day: int, third: int) -> datetime:
    """An instant in the first, second or third 20 minutes of a day."""
    return days.instant(day, int((third + rng.random()) * _THIRD_OF_AN_HOUR))


def _raised(rng: Random, days: WorkDays, course: Course, customer: Customer, day: int) -> Story:
    second = int(rng.random() * _THIRD_OF_AN_HOUR)
    category = _CATEGORIES[int(rng.random() * len(_CATEGORIES))]
    subjects = CONCERNS[category]
    values = {
        "subject": subjects[int(rng.random() * len(subjects))],
        "status": "open",
        "category": category,
        "severity": _SEVERITIES[int(rng.random() * len(_SEVERITIES))],
        "opportunity": course.id,
        "account": customer.id,
        "raised_by": course.contact,
        "raised_on": days.dates[day],
        "owner": course.owner,
        "team": course.team,
    }
    return Story(days.id(rng, day, second), days.instant(day, second), course.owner, values)
