"""Work in the background: how far each job is, the file it made and the rows it refused."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response, StreamingResponse

from chengdan.run import jobs
from chengdan.run.errors import NotFound
from chengdan.run.importer.refused import hand_back, handed_back
from chengdan.run.jobs import Job, JobState
from chengdan.web.call import Call
from chengdan.web.endpoint import Endpoint, json_response
from chengdan.web.exports import MEDIA_TYPES
from chengdan.web.files import attachment, chunks

TAG = "jobs"


def list_jobs(call: Call) -> Response:
    with call.runtime.reader(call.visitor.principal) as reader:
        return json_response({"items": [job_json(job) for job in jobs.list_jobs(reader)]})


def get_job(call: Call) -> Response:
    return json_response(job_json(_job(call)))


def cancel_job(call: Call) -> Response:
    with call.runtime.unit(call.visitor.principal) as unit:
        return json_response(job_json(jobs.cancel(unit, call.path_id())))


def refused_rows(call: Call) -> Response:
    """The rows that were refused, as CSV with their lines and reasons."""
    job = _job(call)
    if not handed_back(job):
        raise NotFound()
    headers = attachment("refused.csv")
    return StreamingResponse(chunks(hand_back(call.runtime, job)), 200, headers, media_type="text/csv")


def made_file(call: Call) -> Response:
    """The file that a job made."""
    job = _job(call)
    file, name = job.result.get("file"), str(job.result.get("file_name") or "file")
    if not file:
        raise NotFound()
    media_type = MEDIA_TYPES.get(name.rpartition(".")[2], "application/octet-stream")
    return StreamingResponse(
        chunks(call.runtime.blobs.open(file)), 200, attachment(name), media_type=media_type
    )


def _job(call: Call) -> Job:
    with call.runtime.reader(call.visitor.principal) as reader:
        return jobs.get(reader, call.path_id())


def job_json(job: Job) -> dict[str, Any]:
    """A job as the page shows it."""
    result = job.result
    return {
        "id": job.id,
        "kind": job.kind,
        "state": job.state,
        "object": job.payload.get("object"),
        "name": job.payload.get("name"),
        "dry_run": job.payload.get("dry_run", False),
        "done": job.done,
        "total": job.total,
        "created": result.get("created", 0),
        "updated": result.get("updated", 0),
        "unchanged": result.get("unchanged", 0),
        "refused": result.get("refused", 0),
        "events": result.get("events"),
        "unknown": result.get("unknown"),
        "since": result.get("since"),
        "until": result.get("until"),
        "message": result.get("error", {}).get("message"),
        "errors": result.get("error", {}).get("reasons", []),
        "errors_url": f"/api/jobs/{job.id}/errors" if handed_back(job) else None,
        "file_url": f"/api/jobs/{job.id}/file" if result.get("file") else None,
        "rows": result.get("rows"),
        "size": result.get("size"),
        "audit": _audit_json(job),
        "records": result.get("records", []),
        "created_at": job.created_at,
        "finished_at": job.finished_at,
        "cancelling": job.cancel and job.state is JobState.RUNNING,
    }


def _audit_json(job: Job) -> Mapping[str, Any] | None:
    """What a verification found, once it is done."""
    if "findings" not in job.result:
        return None
    return {name: job.result[name] for name in ("events", "seals", "head", "findings")}


ENDPOINTS = (
    Endpoint("GET", "/api/jobs", list_jobs, "Own jobs", TAG),
    Endpoint("GET", "/api/jobs/{id}", get_job, "How far a job is", TAG),
    Endpoint(
        "GET",
        "/api/jobs/{id}/file",
        made_file,
        "The file that a job made",
        TAG,
        media_type="application/octet-stream",
    ),
    Endpoint("POST", "/api/jobs/{id}/cancel", cancel_job, "Stop a job", TAG),
    Endpoint(
        "GET", "/api/jobs/{id}/errors", refused_rows, "The refused rows as CSV", TAG, media_type="text/csv"
    ),
)
