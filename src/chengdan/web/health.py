"""Is it there, and which version."""

from starlette.responses import Response

import chengdan
from chengdan.web.call import Call
from chengdan.web.endpoint import Endpoint, json_response


def health(call: Call) -> Response:
    with call.runtime.read_pool.connection() as connection:
        connection.execute("SELECT 1")
    return json_response({
        "status": "ok",
        "version": chengdan.__version__,
        "snapshot": call.runtime.snapshot.version,
        "demo": call.runtime.demo,
    })  # fmt: skip


ENDPOINTS = (Endpoint("GET", "/api/health", health, "Is the server there", "health", public=True),)
