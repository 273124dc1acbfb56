"""Imports: a template to fill in, the preview of a file, the import itself and its rehearsal."""

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, cast

import orjson
from starlette.datastructures import UploadFile
from starlette.responses import Response, StreamingResponse

from chengdan.run import jobs
from chengdan.run.holding import object_of, require
from chengdan.run.importer import (
    ColumnPreview,
    ImportPlan,
    ImportRequest,
    SavedMapping,
    preview,
    read_plan,
    request_import,
    run_for_real,
    save_mapping,
    saved_mappings,
    write_template,
)
from chengdan.run.importer.sets import shipped_sets
from chengdan.run.tabular import TableFormat
from chengdan.store.files import safe_name
from chengdan.web.call import Call, bad_request
from chengdan.web.endpoint import Endpoint, json_response
from chengdan.web.exports import MEDIA_TYPES
from chengdan.web.files import attachment, chunks
from chengdan.web.records import ALL

TAG = "jobs"
APP = "chengdan.sales"
"""Where the sets lie that are shipped."""
CHUNK_BYTES = 1 << 18
MAX_REASON = 2_000


class Given(NamedTuple):
    """The table in a form: the upload, and what the user calls it."""

    file: UploadFile
    name: str


def preview_import(call: Call) -> Response:
    """What the file holds, and the field that each column probably goes to."""
    object, principal = call.path("object"), call.visitor.principal
    given = given_file(call)
    with call.runtime.reader(principal) as reader:
        require(reader, "import")
        _, access = object_of(reader, object)
        saved = saved_mappings(reader, object)
    with on_disk(given) as path:
        found = preview(call.runtime.snapshot, access, path, given.name, call.field("sheet") or None)
    columns = [
        {"name": one.name, "samples": one.samples, "suggested": one.suggested} for one in found.columns
    ]
    return json_response(
        {
            "columns": columns,
            "rows": found.rows,
            "sheet": found.sheet,
            "sheets": found.sheets,
            "encoding": found.encoding,
            "saved_mappings": [_saved_json(one) for one in saved]
            + _shipped_json(call, object, found.columns),
        }
    )


def start_import(call: Call) -> Response:
    """Keep the file and ask for its import; 202 with the job's id."""
    object, principal = call.path("object"), call.visitor.principal
    plan = read_plan(object, json_field(call, "mapping"), call.field("key"))
    given = given_file(call)
    with call.runtime.reader(principal) as reader:
        require(reader, "import")
        object_of(reader, object)
    limit = call.runtime.config.max_upload_mb << 20
    stored = call.runtime.blobs.put(given.file.file, name=given.name, max_bytes=limit)
    request = ImportRequest(
        stored.sha256,
        given.name,
        plan,
        call.field("override_reason")[:MAX_REASON],
        call.field("dry_run") in ("true", "1"),
        call.field("sheet"),
    )
    with call.runtime.unit(principal) as unit:
        if call.field("save_as").strip():
            save_mapping(unit, call.field("save_as"), plan)
        id = request_import(unit, request)
    return json_response({"job": id}, 202, {"location": f"/api/jobs/{id}"})


def template(call: Call) -> Response:
    """A table with the names of the object's fields and no rows."""
    format = call.query("format", "xlsx")
    if format not in MEDIA_TYPES:
        raise bad_request("format", "格式应为 csv 或 xlsx", "the format is csv or xlsx")
    with (
        tempfile.NamedTemporaryFile(prefix="chengdan-template-") as target,
        call.runtime.reader(call.visitor.principal) as reader,
    ):
        path = Path(target.name)
        name = write_template(reader, call.path("object"), path, cast(TableFormat, format))
        stream = path.open("rb")
    return StreamingResponse(chunks(stream), 200, attachment(name), media_type=MEDIA_TYPES[format])


def run_dry(call: Call) -> Response:
    """Carry out the import that a dry run tried, with the same file and plan."""
    call.close()
    with call.runtime.unit(call.visitor.principal) as unit:
        id = run_for_real(unit, jobs.get(unit, call.path_id()))
    return json_response({"job": id}, 202, {"location": f"/api/jobs/{id}"})


def _saved_json(saved: SavedMapping, *, shipped: bool = False) -> Mapping[str, Any]:
    """A kept plan as the page's form takes it: column → field. `shipped`: it came with the app."""
    return {
        "name": saved.name,
        "mapping": _simple(saved.plan),
        "plan": saved.plan.as_json(),
        "key": saved.plan.key or None,
        "shipped": shipped,
    }


def _shipped_json(call: Call, object: str, columns: Iterable[ColumnPreview]) -> list[Mapping[str, Any]]:
    """The plans that come with the app for files of known systems, where they fit these columns."""
    names = [one.name for one in columns]
    found = []
    for known in shipped_sets(APP):
        plans, name = known.fitting(object, names), known.label.text(call.locale)
        for number, plan in enumerate(plans, start=1):
            called = name if len(plans) == 1 else f"{name} · {number}"
            found.append(_saved_json(SavedMapping(called, plan), shipped=True))
    return found


def _simple(plan: ImportPlan) -> dict[str, str | None]:
    return {column: targets[0].field if targets else None for column, targets in plan.columns.items()}


def given_file(call: Call) -> Given:
    file = call.form.get("file")
    if not isinstance(file, UploadFile):
        raise bad_request("file", "缺少文件", "the file is missing")
    return Given(file, safe_name(file.filename or "file"))


def json_field(call: Call, name: str) -> Any:
    try:
        return orjson.loads(call.field(name))
    except orjson.JSONDecodeError:
        raise bad_request(name, "不是合法的 JSON", "it is not valid JSON") from None


@contextmanager
def on_disk(given: Given) -> Iterator[Path]:
    with tempfile.NamedTemporaryFile(prefix="chengdan-preview-") as target:
        while chunk := given.file.file.read(CHUNK_BYTES):
            target.write(chunk)
        target.flush()
        yield Path(target.name)


def form_of(required: list[str], **more: Any) -> dict[str, Any]:
    properties = {"file": {"type": "string", "format": "binary"}, "sheet": {"type": "string"}, **more}
    return {"type": "object", "required": ["file", *required], "properties": properties}


_TEXT = {"type": "string"}
_IMPORT = form_of(
    ["mapping"],
    mapping={"type": "string", "contentMediaType": "application/json"},
    key=_TEXT,
    dry_run={"type": "boolean"},
    override_reason=_TEXT,
    save_as=_TEXT,
)
ENDPOINTS = (
    Endpoint(
        "POST",
        f"{ALL}/import/preview",
        preview_import,
        "What a file holds",
        TAG,
        upload=True,
        body=form_of([]),
        per_object=True,
    ),
    Endpoint(
        "POST",
        f"{ALL}/import",
        start_import,
        "Import a file",
        TAG,
        status=202,
        upload=True,
        body=_IMPORT,
        per_object=True,
    ),
    Endpoint(
        "GET",
        f"{ALL}/import/template",
        template,
        "A table to fill in",
        TAG,
        query=("format",),
        per_object=True,
        media_type="application/octet-stream",
    ),
    Endpoint("POST", "/api/jobs/{id}/run", run_dry, "Do what a dry run tried", TAG, status=202),
)
