"""Metrics over HTTP: which there are, and the figures of one."""

from datetime import date

from starlette.responses import Response

from chengdan.run.metrics import MetricQuery, metrics, read_metric
from chengdan.web.call import Call, bad_request
from chengdan.web.endpoint import Endpoint, json_response

TAG = "metrics"


def listed(call: Call) -> Response:
    with call.runtime.reader(call.visitor.principal) as reader:
        found = metrics(reader)
    return json_response(
        {
            "items": [
                {
                    "name": metric.name,
                    "label": metric.label,
                    "help": metric.help,
                    "object": metric.object,
                    "per": metric.per,
                    "at": metric.at,
                    "days": metric.days,
                    "function": metric.function,
                    "unit": metric.unit,
                    "digits": metric.digits,
                }
                for metric in found
            ]
        }
    )


def one(call: Call) -> Response:
    query = MetricQuery(
        name=call.path("name"),
        group=call.query("group"),
        period=call.query("period"),
        since=_day(call, "since"),
        until=_day(call, "until"),
        filter=call.query("filter"),
        limit=call.query_integer("limit", 100),
    )
    with call.runtime.reader(call.visitor.principal) as reader:
        rows = read_metric(reader, query)
    return json_response({"metric": query.name, "at": reader.now, "rows": rows})


def _day(call: Call, name: str) -> date | None:
    text = call.query(name)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise bad_request(name, "应是日期，如 2026-01-31", "a day such as 2026-01-31 is expected") from None


ENDPOINTS = (
    Endpoint("GET", "/api/metrics", listed, "The metrics the visitor may read", TAG),
    Endpoint(
        "GET",
        "/api/metrics/{name}",
        one,
        "The figure of a metric over the records within reach, by group and period",
        TAG,
        query=("group", "period", "since", "until", "filter", "limit"),
    ),
)
