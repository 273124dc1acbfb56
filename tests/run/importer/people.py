"""Who imports in the tests, and a plan's rows as a file."""

import csv
from collections.abc import Sequence
from io import BytesIO, StringIO
from typing import Any
from uuid import UUID

from chengdan.base.ids import new_id
from chengdan.kernel.access import Principal
from chengdan.run import apps, jobs, worker
from chengdan.run.importer import ImportRequest, read_plan, request_import
from chengdan.run.importer.refused import hand_back, handed_back
from chengdan.run.runtime import Runtime
from chengdan.run.sessions import Doorman
from tests.run.conftest import employ

CLERK = Principal(new_id(), "clerk", frozenset({"clerk"}), locale="en")
"""Somebody who may import accounts and opportunities, but not override a gate."""

CLERK_ROLE = """\
role: clerk
label: {zh: 录入员, en: Clerk}
permissions: [import]
grants:
  - {object: account, read: [all], create: [all], update: [all]}
  - {object: opportunity, read: [all], create: [all], update: [all]}
"""


def admit_clerk(runtime: Runtime) -> None:
    """Publish the clerk's role, and put the clerk on record."""
    manifests = dict(apps.shipped("chengdan.sales"))
    manifests["roles/clerk.yaml"] = CLERK_ROLE
    role = "- {value: admin,"
    assert role in manifests["objects/user.yaml"]
    clerk = "- {value: clerk, label: {zh: 录入员, en: Clerk}}\n      " + role
    manifests["objects/user.yaml"] = manifests["objects/user.yaml"].replace(role, clerk)
    runtime.publish(manifests)
    employ(runtime, CLERK)


def csv_bytes(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows(rows)
    return out.getvalue().encode()


def ask(
    runtime: Runtime, who: Principal, content: bytes, object: str, mapping: Any, key: str = "", **more: Any
) -> UUID:
    """Ask for an import of a file with `content`; the id of the job."""
    stored = runtime.blobs.put(BytesIO(content))
    request = ImportRequest(stored.sha256, "rows.csv", read_plan(object, mapping, key), **more)
    with runtime.unit(who) as unit:
        return request_import(unit, request)


def bring_in(
    runtime: Runtime, who: Principal, content: bytes, object: str, mapping: Any, key: str = "", **more: Any
) -> jobs.Job:
    """Import a file with `content` at once; the finished job."""
    id = ask(runtime, who, content, object, mapping, key, **more)
    worker.perform(Doorman(runtime), id)
    with runtime.reader(who) as reader:
        return jobs.get(reader, id)


def refused_rows(runtime: Runtime, job: jobs.Job) -> list[dict[str, str]]:
    """The refused rows that a job hands back."""
    if not handed_back(job):
        return []
    with hand_back(runtime, job) as file:
        return list(csv.DictReader(StringIO(file.read().decode("utf-8-sig"))))


def counts(job: jobs.Job) -> dict[str, int]:
    """Created, updated, unchanged and refused rows."""
    return {name: job.result.get(name, 0) for name in ("created", "updated", "unchanged", "refused")}
