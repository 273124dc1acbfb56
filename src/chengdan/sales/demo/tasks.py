"""Tasks: the ones that rules made as opportunities moved, and what the reps have still to do."""

from datetime import timedelta
from random import Random
from uuid import UUID

from chengdan.sales.demo.batch import Batch, Story, batch
from chengdan.sales.demo.course import DEMO, PROPOSAL, Course
from chengdan.sales.demo.words import NEXT_STEPS
from chengdan.sales.demo.workdays import WorkDays

FIELDS = ("subject", "due_on", "done", "done_on", "priority", "opportunity", "account")
_OPEN_TASK = 0.4
_DONE_IN_TIME = 0.85
_NEXT_STEP_DONE = 0.45


def tasks(rng: Random, days: WorkDays, courses: list[Course]) -> Batch:
    """A task for every demo and proposal, and one to come for many open opportunities."""
    stories = []
    for course in courses:
        if course.walk.stage >= DEMO:
            by = course.presales or course.owner
            stories.append(_task(rng, days, course, course.walk.entered[DEMO], "准备演示", by, 3))
        if course.walk.stage >= PROPOSAL:
            stories.append(
                _task(rng, days, course, course.walk.entered[PROPOSAL], "报价跟进", course.owner, 2)
            )
        if course.walk.end is None and course.customer is not None and rng.random() < _OPEN_TASK:
            step = NEXT_STEPS[int(rng.random() * len(NEXT_STEPS))]
            stories.append(
                _task(
                    rng,
                    days,
                    course,
                    course.touched,
                    step,
                    course.owner,
                    1 + int(rng.random() * 9),
                    _NEXT_STEP_DONE,
                )
            )
    return batch("task", FIELDS, stories)


def _task(
    rng: Random,
    days: WorkDays,
    course: Course,
    day: int,
    what: str,
    owner: UUID,
    within: int,
    in_time: float = _DONE_IN_TIME,
) -> Story:
    """A task made on `day`, due `within` calendar days, and with the chance `in_time` done when that day has come."""
    second = days.seconds(day) - 1
    values = {
        "subject": f"{what}：{course.name}",
        "due_on": days.dates[day] + timedelta(days=within),
        "done": False,
        "priority": "high" if what == "报价跟进" else "normal",
        "opportunity": course.id,
        "account": course.customer.id if course.customer else None,
        "owner": owner,
        "team": course.team,
    }
    story = Story(days.id(rng, day, second), days.instant(day, second), course.owner, values)
    done = day + 1 + int(rng.random() * within)
    if done <= days.last and (rng.random() < in_time or course.walk.end is not None):
        at = days.instant(done, int(rng.random() * days.seconds(done)))
        story.update(at, owner, {"done": True, "done_on": days.dates[done]})
    return story
