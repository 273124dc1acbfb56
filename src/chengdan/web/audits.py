"""Process audits: their draws and how to recompute them, judging, appeals, and the statements of a quarter."""

import os
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from starlette.responses import Response

from chengdan.base.json import dumps
from chengdan.kernel.access import Act
from chengdan.kernel.process_audit import ProcessAudit
from chengdan.run.audits import redraw
from chengdan.run.audits.bonus import quarter_of, statements, write_statements
from chengdan.run.audits.reading import overview, review_page, strata
from chengdan.run.audits.redraw import draw_row, export
from chengdan.run.audits.reviewing import accept, appeal, audit_of, give_verdict, submit
from chengdan.run.tabular import TableFormat
from chengdan.store.unit import Unit
from chengdan.web.call import Call, bad_request
from chengdan.web.endpoint import Endpoint, json_response
from chengdan.web.exports import MEDIA_TYPES
from chengdan.web.files import attachment
from chengdan.web.records import cause

TAG = "audits"
ONE = "/api/audits/{audit}"
DRAW = ONE + "/draws/{id}"
REVIEW = ONE + "/reviews/{id}"
MAX_CONTESTED = 200


def audits(call: Call) -> Response:
    """The audits whose reviews the visitor may see, each with its latest draws."""
    with call.runtime.reader(call.visitor.principal) as reader:
        snapshot = reader.snapshot
        shown = [
            overview(reader, audit)
            for audit in snapshot.audits.values()
            if snapshot.access(reader.principal, audit.reviews).may(Act.READ)
        ]
    return json_response({"items": shown})


def draw_strata(call: Call) -> Response:
    with call.runtime.reader(call.visitor.principal) as reader:
        found = strata(call.runtime, reader, audit_of(reader, call.path("audit")), call.path_id())
    return json_response({"items": found})


def draw_check(call: Call) -> Response:
    """Recompute a draw now, from its list, its seed and the chain of events."""
    with call.runtime.reader(call.visitor.principal) as reader:
        audit = audit_of(reader, call.path("audit"))
        draw_row(reader, audit, call.path_id())
    found = redraw(call.runtime, audit, call.path_id())
    return json_response({**asdict(found), "holds": found.holds})


def draw_export(call: Call) -> Response:
    """All that recomputing a draw takes, as a file for `chengdan audit redraw --file`."""
    with call.runtime.reader(call.visitor.principal) as reader:
        audit = audit_of(reader, call.path("audit"))
        found = export(call.runtime, reader, audit, call.path_id())
    name = str(found["draw"]).replace("/", "-")
    return Response(dumps(found), 200, attachment(f"{name}.json"), media_type="application/json")


def review(call: Call) -> Response:
    with call.runtime.reader(call.visitor.principal) as reader:
        found = review_page(reader, audit_of(reader, call.path("audit")), call.path_id())
    return json_response(found)


def verdict(call: Call) -> Response:
    changes = call.rest()
    for name in changes:
        if name not in ("verdict", "note"):
            raise bad_request(name, f"不认识“{name}”", f"`{name}` is not known")
    return _act(call, lambda unit, audit, id: give_verdict(unit, audit, id, changes))


def submit_review(call: Call) -> Response:
    remark = call.take("remark", str, "")
    call.close()
    return _act(call, lambda unit, audit, id: submit(unit, audit, id, remark))


def accept_review(call: Call) -> Response:
    call.close()
    return _act(call, accept)


def appeal_review(call: Call) -> Response:
    reason = call.take("reason", str)
    contested = call.take_ids("contested", MAX_CONTESTED) if "contested" in call.body() else []
    call.close()
    return _act(call, lambda unit, audit, id: appeal(unit, audit, id, reason, contested))


def _act(call: Call, work: Callable[[Unit, ProcessAudit, UUID], Any]) -> Response:
    """Take one step of a review; the answer says where the record it was about stands now."""
    id, name = call.path_id(), call.path("audit")

    def carry_out(unit: Unit) -> Any:
        return work(unit, audit_of(unit, name), id)

    row = call.runtime.attempt(call.visitor.principal, cause(call), carry_out)
    return json_response({"id": row["id"], "version": row["version"], "status": row.get("status")})


def bonus(call: Call) -> Response:
    """The statements of a quarter (this one unless told), as JSON or with `format` as a file."""
    quarter = call.query("quarter") or quarter_of(call.runtime.clock())
    format = call.query("format")
    if format not in ("", *MEDIA_TYPES):
        raise bad_request("format", "格式应为 csv 或 xlsx", "the format is csv or xlsx")
    with call.runtime.reader(call.visitor.principal) as reader:
        audit = audit_of(reader, call.path("audit"))
        if not format:
            found = [asdict(one) for one in statements(reader, audit, quarter)]
            return json_response({"quarter": quarter, "items": found})
        handle, name = tempfile.mkstemp(prefix="chengdan-bonus-")
        os.close(handle)
        path = Path(name)
        try:
            write_statements(reader, audit, quarter, path, cast(TableFormat, format))
            content = path.read_bytes()
        finally:
            path.unlink(missing_ok=True)
    return Response(
        content, 200, attachment(f"{audit.name}-{quarter}.{format}"), media_type=MEDIA_TYPES[format]
    )


_TEXT = {"type": "string"}


def _body(required: list[str], **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": required,
        "properties": properties,
    }


_NOTE = {"type": ["string", "null"]}
_APPEAL = _body(["reason"], reason=_TEXT, contested={"type": "array", "items": {**_TEXT, "format": "uuid"}})
ENDPOINTS = (
    Endpoint("GET", "/api/audits", audits, "Process audits and their draws", TAG),
    Endpoint("GET", f"{ONE}/bonus", bonus, "The statements of a quarter", TAG, query=("quarter", "format")),
    Endpoint("GET", f"{DRAW}/strata", draw_strata, "The strata of a draw", TAG),
    Endpoint("GET", f"{DRAW}/check", draw_check, "Recompute a draw", TAG),
    Endpoint("GET", f"{DRAW}/export", draw_export, "A draw as a file that recomputes it", TAG),
    Endpoint("GET", REVIEW, review, "A review with its verdicts", TAG),
    Endpoint(
        "PATCH",
        f"{ONE}/verdicts/{{id}}",
        verdict,
        "Judge a deliverable",
        TAG,
        body=_body([], verdict=_NOTE, note=_NOTE),
    ),
    Endpoint(
        "POST", f"{REVIEW}/submit", submit_review, "Hand in a review", TAG, body=_body([], remark=_TEXT)
    ),
    Endpoint("POST", f"{REVIEW}/accept", accept_review, "Accept a result", TAG),
    Endpoint("POST", f"{REVIEW}/appeal", appeal_review, "Appeal against a result", TAG, body=_APPEAL),
)
