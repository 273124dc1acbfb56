"""The studio's API: manifests checked, planned, published, and taken back to the byte."""

import pytest

from tests.web.site import Json, Site, Visitor

OBJECT = """object: x_visit
label: {zh: 走访, en: Visit}
plural: {zh: 走访, en: Visits}
title: name
fields:
  - {name: name, type: text, label: {zh: 名称, en: Name}, required: true}
"""


@pytest.fixture
def files(own_site: Site) -> dict[str, str]:
    """The manifests in force, with one more object that administrators may use."""
    found: Json = own_site.log_in("admin").json("GET", "/api/studio/export")
    role = found["files"]["roles/admin.yaml"]
    grant = "  - object: x_visit\n    read: [all]\n    create: [all]\n    update: [all]\n"
    return {
        **found["files"],
        "objects/x_visit.yaml": OBJECT,
        "roles/admin.yaml": role.rstrip("\n") + "\n" + grant,
    }


def test_what_is_published_works_at_once_without_code(own_site: Site, files: dict[str, str]) -> None:
    admin = own_site.log_in("admin")
    assert admin.json("POST", "/api/studio/validate", {"files": files})["valid"] is True
    plan = admin.json("POST", "/api/studio/plan", {"files": files})
    before = admin.get("/api/catalog").headers["etag"]
    published = admin.json("POST", "/api/studio/publish", {"files": files, "note": "走访"})

    assert {"act": "added", "kind": "object", "name": "x_visit"} in plan["differences"]
    assert {"kind": "table", "table": "x_visit", "name": "x_visit"} in plan["steps"]
    assert plan["version"] == published["version"] == 2
    made = admin.json("POST", "/api/records/x_visit", {"name": "走访一"}, 201)
    assert admin.json("GET", f"/api/records/x_visit/{made['id']}") == made
    catalog = admin.get("/api/catalog", headers={"If-None-Match": before})
    assert "x_visit" in catalog.json()["objects"]
    assert "/api/records/x_visit" in admin.json("GET", "/api/openapi.json")["paths"]
    assert admin.json("GET", "/api/studio/export")["files"] == files


def test_every_fault_is_told_with_its_place_and_nothing_changes(
    own_site: Site, files: dict[str, str]
) -> None:
    admin = own_site.log_in("admin")
    broken = {
        **files,
        "objects/x_visit.yaml": OBJECT.replace("title: name", "title: nmae").replace("text", "txet"),
    }
    for act in ("validate", "plan", "publish"):
        problem = admin.json("POST", f"/api/studio/{act}", {"files": broken}, 422)
        assert len(problem["errors"]) >= 2
        assert all(error["path"].startswith("objects/x_visit.yaml:") for error in problem["errors"])
    assert admin.json("GET", "/api/health")["snapshot"] == 1


@pytest.mark.parametrize(
    "body", [{}, {"files": {}}, {"files": {"a.yaml": 1}}, {"files": {"a.yaml": ""}, "x": 1}]
)
def test_a_body_that_is_no_set_of_files_is_refused(site: Site, body: Json) -> None:
    visitor: Visitor = site.log_in("admin")

    assert visitor.post("/api/studio/validate", json=body).status_code == 422
