"""Small event logs, written as XES or cut out of a large one."""

import gzip
from collections.abc import Container, Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import quoteattr

Event = tuple[str, str]
"""What happened, and when."""
OFFERS_LOG = Path(__file__).resolve().parents[2] / "shared" / "data" / "offers_log" / "bpic2012.xes.gz"
"""The log of the BPI Challenge 2012, where it is beside the repository."""


def cut_out(log: Path, numbers: Container[int], last: int, path: Path) -> None:
    """Write the traces of a log that have these numbers, none behind the `last`, as a log of their own."""
    number, inside = 0, True
    with (
        gzip.open(log, "rt", encoding="utf-8") as whole,
        gzip.open(path, "wt", compresslevel=1, encoding="utf-8") as kept,
    ):
        for line in whole:
            if "<trace>" in line:
                number += 1
                inside = number in numbers
            if number > last or "</log>" in line:
                break
            if inside:
                kept.write(line)
        kept.write("</log>\n")


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
