"""The job that writes an event log as XES or OCEL 2.0."""

import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from chengdan.run.holding import require
from chengdan.run.jobs import Progress, Steps, defer, keep_file, locale_of
from chengdan.run.mining.asking import Asked, ask
from chengdan.run.mining.eventlog import SUFFIXES, EventLog, write_ocel, write_xes
from chengdan.run.read import bad_query
from chengdan.run.runtime import Runtime

KIND = "process_log"
EVENTS_PER_STEP = 10_000
WRITERS = {"xes": write_xes, "ocel": write_ocel}


def request_log(asked: Asked, format: str, filter: str) -> UUID:
    """Ask for a log of the sample; the id of its job. Raises NotPermitted, BadQuery."""
    require(asked.reader, "export")
    if format not in WRITERS:
        raise bad_query("format", "格式应为 xes 或 ocel", "the format is xes or ocel")
    name = f"{asked.pipeline.label.text(locale_of(asked.reader.principal))}.{SUFFIXES[format]}"
    payload = {
        "name": name,
        "format": format,
        "pipeline": asked.pipeline.name,
        "since": asked.period.since,
        "until": asked.period.until,
        "filter": filter,
    }
    return defer(asked.reader, KIND, payload)


def run_log(runtime: Runtime, progress: Progress) -> Mapping[str, Any]:
    """Write the log with the rights of now; its result names the file. Raises as `ask`."""
    given = progress.job.payload
    since, until = (datetime.fromisoformat(given[name]) for name in ("since", "until"))
    steps = Steps(runtime, progress, progress.job.total, EVENTS_PER_STEP)
    with tempfile.TemporaryDirectory(prefix="chengdan-log-") as folder:
        path = Path(folder) / "log"
        with runtime.reader(progress.principal) as reader:
            require(reader, "export")
            log = EventLog(ask(reader, given["pipeline"], since, until, given["filter"]))
            events = WRITERS[given["format"]](log, path, steps)
        kept = keep_file(runtime, path, given["name"])
    steps(events, force=True)
    return {**kept, "rows": events}
