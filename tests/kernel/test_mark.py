"""Marks: what each event of a record leaves behind of its way through its pipeline."""

from typing import Any

import pytest

from chengdan.kernel.event import EventKind
from chengdan.kernel.mark import Mark, MarkKind, marks_of
from tests.lab.manifests import snapshot

COURSE = snapshot().pipelines["course"]
IDEA = ("value", "big", "plan", "talked", "good_part")


def marks(event: EventKind, **data: Any) -> list[Mark]:
    return list(marks_of(COURSE, event, data))


def test_a_new_record_enters_its_stage_and_has_done_nothing_yet() -> None:
    assert marks(EventKind.CREATED, values={"stage": "idea", "value": 12}) == [
        Mark(MarkKind.ENTERED, "idea", "")
    ]


def test_a_new_record_that_names_no_stage_begins_in_the_first() -> None:
    assert marks(EventKind.CREATED, values={}) == [Mark(MarkKind.ENTERED, "idea", "")]


def test_a_move_says_what_was_shown_and_what_lacked() -> None:
    moved = marks(EventKind.MOVED, **{"from": "idea", "to": "build", "without": ["plan"]})

    met = ("value", "big", "talked", "good_part", "client")
    assert moved == [Mark(MarkKind.ENTERED, "build", "idea", met, ("plan",))]


def test_going_back_and_losing_show_no_more_than_the_entry() -> None:
    assert marks(EventKind.MOVED, **{"from": "trial", "to": "idea"}) == [
        Mark(MarkKind.ENTERED, "idea", "trial")
    ]
    assert marks(EventKind.MOVED, **{"from": "trial", "to": "dropped"}) == [
        Mark(MarkKind.ENTERED, "dropped", "trial", ("reason",))
    ]


def test_a_stage_that_the_pipeline_no_longer_has_is_entered_all_the_same() -> None:
    assert marks(EventKind.MOVED, **{"from": "idea", "to": "gone"}) == [
        Mark(MarkKind.ENTERED, "gone", "idea")
    ]


def test_a_field_counts_when_it_is_filled_for_the_first_time() -> None:
    assert marks(EventKind.UPDATED, changes={"value": [None, 3], "name": ["a", "b"]}) == [
        Mark(MarkKind.DONE, "value", "idea")
    ]
    assert marks(EventKind.UPDATED, changes={"value": [3, 4]}) == []
    assert marks(EventKind.UPDATED, changes={"value": [3, None]}) == []


@pytest.mark.parametrize(
    ("event", "kind"), [(EventKind.FILE_ATTACHED, MarkKind.DONE), (EventKind.FILE_REMOVED, MarkKind.UNDONE)]
)
def test_a_file_counts_by_the_kind_it_is_filed_as(event: EventKind, kind: MarkKind) -> None:
    assert marks(event, kind="plan", file="f") == [Mark(kind, "plan", "idea")]
    assert marks(event, kind="", file="f") == []


def test_substeps_are_ticked_unticked_and_worked_on() -> None:
    assert marks(EventKind.SUBSTEP_DONE, name="talked", stage="idea") == [
        Mark(MarkKind.DONE, "talked", "idea")
    ]
    assert marks(EventKind.SUBSTEP_UNDONE, name="talked", stage="idea") == [
        Mark(MarkKind.UNDONE, "talked", "idea")
    ]
    assert marks(EventKind.SUBSTEP_WORKED, name="talked", stage="idea", transition="start") == [
        Mark(MarkKind.WORKED, "talked", "idea")
    ]
    assert marks(EventKind.SUBSTEP_WORKED, name="talked", stage="idea", transition="complete") == [
        Mark(MarkKind.DONE, "talked", "idea")
    ]


def test_other_events_leave_no_mark() -> None:
    assert marks(EventKind.COMMENT_ADDED, comment="c") == []
