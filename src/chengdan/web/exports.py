"""A list as a file to take away: what the viewer may see of it, in the words of the screen."""

import os
import tempfile
from pathlib import Path
from typing import cast

from starlette.responses import Response, StreamingResponse

from chengdan.run.exporter import export_table
from chengdan.run.exporting import request_export
from chengdan.run.holding import object_of
from chengdan.run.read import ListQuery
from chengdan.run.tabular import TableFormat
from chengdan.web.call import Call, bad_request
from chengdan.web.endpoint import Endpoint, json_response
from chengdan.web.files import attachment, chunks
from chengdan.web.records import ALL, MAX_FILTER, MAX_Q, query_of

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def export(call: Call) -> Response:
    """The whole list, whatever its paging, as CSV or as a workbook."""
    format = call.query("format", "csv")
    if format not in MEDIA_TYPES:
        raise bad_request("format", "格式应为 csv 或 xlsx", "the format is csv or xlsx")
    query, principal = query_of(call), call.visitor.principal
    with call.runtime.reader(principal) as reader:
        plural = object_of(reader, query.object)[0].plural.text(call.locale)
    handle, name = tempfile.mkstemp(prefix="chengdan-export-")
    os.close(handle)
    path = Path(name)
    try:
        export_table(call.runtime, principal, query, path, cast(TableFormat, format))
        stream = path.open("rb")
    finally:
        path.unlink(missing_ok=True)
    headers = attachment(f"{plural}.{format}")
    return StreamingResponse(chunks(stream), 200, headers, media_type=MEDIA_TYPES[format])


def start_export(call: Call) -> Response:
    """Ask for a list of any length as a file: 202 with the job that makes it."""
    format = call.take("format", str, "csv")
    query = ListQuery(
        object=call.path("object"),
        view=call.take("view", str, ""),
        filter=call.take("filter", str, ""),
        q=call.take("q", str, ""),
        sort=call.take("sort", str, ""),
        fields=tuple(call.take_texts("fields")),
        archived=call.take("archived", bool, False),
    )
    call.close()
    if format not in MEDIA_TYPES:
        raise bad_request("format", "格式应为 csv 或 xlsx", "the format is csv or xlsx")
    if len(query.filter) > MAX_FILTER or len(query.q) > MAX_Q:
        raise bad_request("filter", "筛选或搜索过长", "the filter or the search is too long")
    with call.runtime.unit(call.visitor.principal) as unit:
        id = request_export(unit, query, cast(TableFormat, format))
    return json_response({"job": id}, 202, {"location": f"/api/jobs/{id}"})


_TEXT = {"type": "string"}
_EXPORT = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "format": {"enum": list(MEDIA_TYPES)},
        **dict.fromkeys(("view", "filter", "q", "sort"), _TEXT),
        "fields": {"type": "array", "items": _TEXT},
        "archived": {"type": "boolean"},
    },
}
ENDPOINTS = (
    Endpoint(
        "POST",
        ALL + "/export",
        start_export,
        "Export a list as a job",
        "records",
        reads=True,
        status=202,
        per_object=True,
        body=_EXPORT,
    ),
    Endpoint(
        "GET",
        ALL + "/export",
        export,
        "A list as a CSV file or a workbook",
        "records",
        query=("format", "view", "filter", "q", "sort", "fields", "archived"),
        per_object=True,
        media_type="text/csv",
    ),
)
