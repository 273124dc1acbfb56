"""Traces: what an event log tells of one case, whatever the format that it is written in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from chengdan.base.errors import ChengdanError

NAME = "concept:name"
"""The attribute that names a trace, as XES calls it."""
COMPLETE = "complete"


@dataclass(frozen=True, slots=True)
class Happening:
    """One event. `transition` is that of its lifecycle in lower case (`complete` where the log says none)."""

    name: str
    at: datetime
    transition: str = COMPLETE
    resource: str | None = None


@dataclass(frozen=True, slots=True)
class Trace:
    """One case: its number in the file (from 1), its attributes, its events in their order, and what of it can't be read."""

    number: int
    attributes: Mapping[str, str]
    events: tuple[Happening, ...]
    problems: tuple[ChengdanError, ...] = ()
