"""Work in the background: imports and what comes of them, and exports."""

import csv
import tempfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import orjson
from starlette.datastructures import UploadFile
from starlette.responses import Response, StreamingResponse

from chengdan.kernel.access import ObjectAccess
from chengdan.run import jobs
from chengdan.run.errors import NotFound
from chengdan.run.holding import object_of, require
from chengdan.run.importer import (
    ImportRequest,
    preview,
    read_plan,
    request_import,
    save_mapping,
    saved_mappings,
)
from chengdan.run.importer.plan import ImportPlan
from chengdan.run.jobs import Job, JobState
from chengdan.store.unit import Unit
from chengdan.web.endpoint import Call, Endpoint, bad_body, json_response
from chengdan.web.files import chunks

TAG = "jobs"
ALL = "/api/records/{object}"
_UNUSED = (csv, BytesIO, Iterator)
