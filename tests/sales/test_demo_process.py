"""The demo company tells a story that process analysis must find: the architecture is hardly confirmed any more, and proposals fail."""

from collections import Counter
from datetime import timedelta

import pytest

from chengdan.kernel.effect import Group, Passage, difference, due_to_skipping
from chengdan.sales.demo import generate
from chengdan.sales.demo.batch import MOVED
from tests.sales.company import NOW

QUARTER = timedelta(days=90)


@pytest.fixture(scope="module")
def quarters() -> tuple[Passage, Passage]:
    """Of the proposals that ended in the quarter before last and in the last: which went on, with and without confirmation."""
    counts: list[Counter[tuple[bool, bool]]] = [Counter(), Counter()]
    unconfirmed = {}
    for batch in generate(seed=1, scale=1.0, now=NOW):
        for at, _, kind, record, data in batch.events if batch.object == "opportunity" else ():
            if kind != MOVED:
                continue
            if data["from"] == "demo" and data["to"] == "proposal":
                unconfirmed[record] = "architecture_confirmed" in data.get("without", ())
            if data["from"] == "proposal" and at >= NOW - 2 * QUARTER:
                counts[at >= NOW - QUARTER][unconfirmed[record], data["to"] != "lost"] += 1
    before, after = (
        Passage(
            Group(count.total(), count[True, True] + count[False, True]),
            *(Group(count[side, True] + count[side, False], count[side, True]) for side in (False, True)),
        )
        for count in counts
    )
    return before, after


def test_most_skip_the_confirmation_and_hardly_anybody_did_before(quarters: tuple[Passage, Passage]) -> None:
    before, after = (passage.skipped_ratio for passage in quarters)

    assert before is not None
    assert after is not None
    assert (round(before, 1), round(after, 1)) == (0.2, 0.8)


def test_the_conversion_of_proposals_fell_by_more_than_chance_and_skipping_is_why(
    quarters: tuple[Passage, Passage],
) -> None:
    before, after = quarters
    change = difference(after.whole, before.whole)
    effect = due_to_skipping(before, after)

    assert change is not None
    assert effect is not None
    assert change.high < 0
    assert change.value < -0.08
    assert effect / change.value > 0.5
