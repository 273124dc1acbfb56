"""Validation of definitions against each other: every problem at once, each with its file, line and a way out."""

from collections.abc import Mapping
from functools import lru_cache

from chengdan.base.errors import ChengdanError
from chengdan.expr import Kind
from chengdan.kernel import manifest
from chengdan.kernel.access import PERMISSIONS
from chengdan.kernel.fault import Found, checks, contradiction, unknown
from chengdan.kernel.place import Place
from chengdan.kernel.snapshot import AUTOMATION, POSTMAN, Snapshot
from chengdan.kernel.validate_audit import validate_audit
from chengdan.kernel.validate_conflicts import validate_conflict
from chengdan.kernel.validate_home import validate_home, validate_panel
from chengdan.kernel.validate_mail import validate_letter, validate_mail
from chengdan.kernel.validate_objects import validate_object
from chengdan.kernel.validate_pools import validate_pool
from chengdan.kernel.validate_process import validate_checklist, validate_pipeline, validate_rule
from chengdan.kernel.validate_scores import validate_metric, validate_score
from chengdan.kernel.validate_templates import validate_template
from chengdan.kernel.validate_views import validate_view

MAX_OBJECTS = 500
SNAPSHOTS_KEPT = 4
CORE_OBJECTS: Mapping[str, tuple[str, ...]] = {
    "user": ("username", "name", "roles", "active", "locale", "time_zone"),
    "team": ("name", "parent", "lead", "territory"),
    "territory": ("name", "parent"),
}
"""Objects and fields that access itself stands on; every app must define them."""


def build(files: Mapping[str, str], version: int = 0) -> tuple[Snapshot, list[ChengdanError]]:
    """Read and validate manifests: the snapshot they make, and every problem; with problems it must not be used.

    The last few are kept: what was planned is published, and what was published is loaded, without reading it anew.
    """
    snapshot, problems = _build(tuple(sorted(files.items())), version)
    return snapshot, list(problems)


@lru_cache(SNAPSHOTS_KEPT)
def _build(files: tuple[tuple[str, str], ...], version: int) -> tuple[Snapshot, tuple[ChengdanError, ...]]:
    definitions, problems = manifest.load(dict(files))
    snapshot = Snapshot(definitions, version, dict(files))
    return snapshot, (*problems, *validate(snapshot))


def validate(snapshot: Snapshot) -> list[ChengdanError]:
    """Every problem of the definitions taken together."""
    return [
        *_core(snapshot),
        *(found for item in snapshot.objects.values() for found in validate_object(snapshot, item)),
        *(found for item in snapshot.pipelines.values() for found in validate_pipeline(snapshot, item)),
        *(found for item in snapshot.rules.values() for found in validate_rule(snapshot, item)),
        *(found for item in snapshot.views.values() for found in validate_view(snapshot, item)),
        *(found for item in snapshot.metrics.values() for found in validate_metric(snapshot, item)),
        *(found for item in snapshot.scores.values() for found in validate_score(snapshot, item)),
        *(found for item in snapshot.panels.values() for found in validate_panel(snapshot, item)),
        *(found for item in snapshot.checklists.values() for found in validate_checklist(snapshot, item)),
        *(found for item in snapshot.audits.values() for found in validate_audit(snapshot, item)),
        *validate_mail(snapshot),
        *(found for item in snapshot.letters.values() for found in validate_letter(snapshot, item)),
        *(found for item in snapshot.conflicts.values() for found in validate_conflict(snapshot, item)),
        *(found for item in snapshot.pools.values() for found in validate_pool(snapshot, item)),
        *(found for item in snapshot.templates.values() for found in validate_template(snapshot, item)),
        *_roles(snapshot),
    ]


def _core(snapshot: Snapshot) -> Found:
    for name, fields in CORE_OBJECTS.items():
        item = snapshot.object(name)
        if item is None:
            yield unknown(Place(), "对象", "object", name, snapshot.objects)
            continue
        for field in fields:
            if item.field(field) is None:
                yield unknown(item.place, "必需的字段", "field, which access needs,", field, item.by_name)
    if len(snapshot.objects) > MAX_OBJECTS:
        yield contradiction(Place(), f"对象超过 {MAX_OBJECTS} 个", f"more than {MAX_OBJECTS} objects")


def _roles(snapshot: Snapshot) -> Found:
    for role in snapshot.roles.values():
        if role.name in (AUTOMATION.name, POSTMAN.name):
            yield contradiction(
                role.place, f"“{role.name}”是系统自带的角色", f"`{role.name}` is the system's own role"
            )
        for permission in role.permissions - set(PERMISSIONS):
            yield unknown(role.place, "权限", "permission", permission, PERMISSIONS)
        yield from validate_home(snapshot, role)
        for grant in role.grants:
            item = snapshot.object(grant.object)
            if item is None:
                yield unknown(grant.place, "对象", "object", grant.object, snapshot.objects)
                continue
            for name in (*grant.hidden, *grant.readonly):
                if name not in item.by_name:
                    yield unknown(grant.place, "字段", "field", name, item.by_name)
            if grant.where:
                yield from checks(grant.place, snapshot, grant.object, grant.where, Kind.BOOLEAN)
