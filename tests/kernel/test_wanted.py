"""A record that is made for a deliverable starts with what the deliverable asks of it."""

import pytest

from chengdan.base.label import Label
from chengdan.kernel.pipeline import Deliverable, DeliverableKind
from chengdan.kernel.wanted import wanted


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ('item.role == "buyer" and not item.gone', {"role": "buyer"}),
        ('item.kind == "demo"', {"kind": "demo"}),
        ('item.at > now() and (item.kind == "call" or item.kind == "visit")', {}),
        ('item.owner.name == "a" and stage == "b"', {}),
        ("", {}),
    ],
)
def test_only_what_must_be_one_value_is_given(condition: str, found: dict[str, object]) -> None:
    item = Deliverable("a", DeliverableKind.RECORD, Label("", ""), Label("", ""), condition=condition, of="b")

    assert wanted(item) == found
