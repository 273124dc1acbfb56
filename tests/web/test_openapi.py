"""The OpenAPI document, and what a fuzzer makes of it."""

import os
import re
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.core.result import Ok

from tests.web.site import Json, Site, Visitor

EXAMPLES = int(os.environ.get("TEST_EXAMPLES", "2"))
CALLED = ("opportunity", "user", "task")


@pytest.fixture(scope="module")
def document(admin: Visitor) -> Json:
    found: Json = admin.json("GET", "/api/openapi.json")
    return found


def references(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if "$ref" in value else []
        return own + [found for part in value.values() for found in references(part)]
    return [found for part in value for found in references(part)] if isinstance(value, list) else []


def test_the_document_is_sound(document: Json) -> None:
    schemas = document["components"]["schemas"]
    operations = [one for path in document["paths"].values() for one in path.values()]
    names = [one["operationId"] for one in operations]

    schemathesis.openapi.from_dict(document).validate()
    assert {name.rpartition("/")[2] for name in references(document)} <= schemas.keys()
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[a-z0-9_]+", name) for name in names)


def test_every_object_is_spelled_out_with_its_types(document: Json) -> None:
    assert document["paths"]["/api/records/opportunity"].keys() == {"get", "post"}
    written = document["components"]["schemas"]["opportunity_create"]
    read = document["components"]["schemas"]["opportunity"]["properties"]

    assert (written["required"], written["additionalProperties"]) == (["name"], False)
    assert written["properties"]["close_on"]["format"] == "date"
    assert "won" in written["properties"]["stage"]["enum"]
    assert read["amount"] == {"type": ["number", "null"], "title": "Amount", "description": "金额"}
    assert "amount_currency" in read
    assert "number" not in written["properties"]


def test_the_record_that_is_answered_is_as_described(document: Json, admin: Visitor) -> None:
    first = admin.first("opportunity")
    record = admin.json("GET", f"/api/records/opportunity/{first['id']}?able=true")

    assert record.keys() == document["components"]["schemas"]["opportunity"]["properties"].keys()


def test_nothing_that_the_document_allows_upsets_the_server(own_site: Site) -> None:
    admin = own_site.log_in("admin")
    document = admin.json("GET", "/api/openapi.json")
    document["paths"] = {path: one for path, one in document["paths"].items() if is_called(path)}
    schema = schemathesis.openapi.from_dict(document)
    headers = {
        "X-CSRF-Token": admin.headers["X-CSRF-Token"],
        "Cookie": f"chengdan_session={admin.cookies['chengdan_session']}",
    }
    upset: list[str] = []

    for result in schema.get_all_operations():
        assert isinstance(result, Ok)
        operation = result.ok()

        @settings(
            max_examples=EXAMPLES, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(operation.as_strategy())
        def call(case: Any) -> None:
            answer = case.call(base_url=own_site.url, headers=headers)
            if answer.status_code >= 500:
                upset.append(
                    f"{case.method} {case.formatted_path} {case.body!r}: {answer.status_code} {answer.text[:300]}"
                )

        call()

    assert upset == []


def is_called(path: str) -> bool:
    """A few objects stand for all; the log-in, which locks out, and the log-out are left alone."""
    object = re.match(r"/api/records/(\w+)", path)
    return not path.startswith("/api/auth") and (object is None or object[1] in CALLED)
