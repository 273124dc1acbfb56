"""Small event logs, written as XES."""

from collections.abc import Mapping, Sequence
from xml.sax.saxutils import quoteattr

Event = tuple[str, str]
"""What happened, and when."""


def xes(*traces: tuple[Mapping[str, str], Sequence[Event]]) -> bytes:
    """A log of these traces, each its attributes and events; who did it is `Resource 1` throughout."""
    return f'<log xmlns="http://www.xes-standard.org/">{"".join(map(_trace, traces))}</log>'.encode()


def _trace(trace: tuple[Mapping[str, str], Sequence[Event]]) -> str:
    attributes, events = trace
    told = (
        f"<event>{_strings({'concept:name': name, 'org:resource': 'Resource 1'})}"
        f'<date key="time:timestamp" value="{at}"/></event>'
        for name, at in events
    )
    return f"<trace>{_strings(attributes)}{''.join(told)}</trace>"


def _strings(values: Mapping[str, str]) -> str:
    return "".join(
        f"<string key={quoteattr(key)} value={quoteattr(value)}/>" for key, value in values.items()
    )
