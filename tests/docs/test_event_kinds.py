"""The audit page knows every kind of event that the journal may hold, by name and in both languages."""

import json
import re
from pathlib import Path

import pytest

from chengdan.kernel.event import EventKind

UI = Path(__file__).parents[2] / "ui" / "src"


def test_the_filter_offers_every_kind_once() -> None:
    text = (UI / "audit" / "trail.ts").read_text()
    [listed] = re.findall(r"KINDS = \[(.*?)\] as const", text, re.S)

    assert sorted(re.findall(r'"([a-z_.]+)"', listed)) == sorted(EventKind)


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_every_kind_has_a_name(locale: str) -> None:
    names = json.loads((UI / "locales" / locale / "late" / "audit.json").read_text())["kind"]

    assert sorted(names) == sorted(kind.replace(".", "_") for kind in EventKind)
