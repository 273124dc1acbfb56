"""XES is read trace by trace, whatever its prefixes and whatever else it holds; what is no log says so with the place."""

import gzip
from datetime import datetime
from pathlib import Path

import pytest

from chengdan.run.histories.trace import Happening, Trace
from chengdan.run.histories.xes import XesUnreadable, read_xes
from tests.logs import xes

AT = "2011-10-01T00:38:44.546+02:00"


def read(folder: Path, content: bytes) -> list[Trace]:
    path = folder / "log"
    path.write_bytes(content)
    return list(read_xes(path, "a.xes"))


def test_traces_have_their_attributes_and_events_in_order(tmp_path: Path) -> None:
    log = xes(({"concept:name": "甲 & 乙", "n": "1"}, [("B", AT), ("A", AT)]), ({}, []))
    at = datetime.fromisoformat(AT)
    found = [
        Trace(
            1,
            {"concept:name": "甲 & 乙", "n": "1"},
            tuple(Happening(name, at, "complete", "Resource 1") for name in "BA"),
        ),
        Trace(2, {}, ()),
    ]

    assert read(tmp_path, log) == found
    assert read(tmp_path, gzip.compress(log)) == found


def test_prefixes_nested_attributes_and_what_is_around_traces_do_not_matter(tmp_path: Path) -> None:
    log = f"""<?xml version="1.0" encoding="UTF-16"?><x:log xmlns:x="http://www.xes-standard.org/">
      <x:string key="concept:name" value="the log"/>
      <x:global scope="event"><x:string key="concept:name" value="?"/></x:global>
      <x:trace><x:list key="parts"><x:string key="inner" value="no"/></x:list>
        <x:string key="concept:name" value="一"><x:string key="inner" value="no"/></x:string>
        <x:event><x:string key="concept:name" value="A"><x:string key="deep" value="no"/></x:string>
          <x:string key="lifecycle:transition" value="START"/><x:date key="time:timestamp" value="{AT}"/></x:event>
      </x:trace></x:log>"""
    [trace] = read(tmp_path, log.encode("utf-16"))

    assert trace.attributes == {"parts": "", "concept:name": "一"}
    assert trace.events == (Happening("A", datetime.fromisoformat(AT), "start", None),)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "no element found"),
        (b"<html/>", "<html>"),
        (b'<!DOCTYPE log [<!ENTITY a "b">]><log/>', "<!DOCTYPE>"),
        (b"<log>" + b"<a>" * 60, "> 50 levels"),
        (gzip.compress(b"<log>" + b" " * 99, mtime=0)[:-9], "end-of-stream"),
        (xes(({}, [("A", AT), ("B", "2011-10-01T00:38:44")])), "trace 1: 2011-10-01T00:38:44"),
        (xes(({}, [("A", AT)]), ({}, [("A", "yesterday")])), "trace 2: Invalid isoformat string"),
        (xes(({}, [("A", AT)])).replace(b"concept:name", b"name"), "trace 1: 'concept:name'"),
    ],
)
def test_what_is_no_log_says_why_and_where(tmp_path: Path, content: bytes, why: str) -> None:
    with pytest.raises(XesUnreadable) as refused:
        read(tmp_path, content)

    assert refused.value.message("en").startswith("a.xes is no readable XES event log: ")
    assert why in refused.value.message("en")
