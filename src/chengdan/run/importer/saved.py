"""Saved mappings: a plan under a name, each user's own, for the next file of the same kind."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chengdan.base.json import dumps_text
from chengdan.run.importer.plan import ImportPlan, read_plan
from chengdan.store.unit import Unit

MAX_SAVED = 100
MAX_NAME = 80
TABLE = "table"


@dataclass(frozen=True, slots=True)
class SavedMapping:
    """A plan that was kept under a name."""

    name: str
    plan: ImportPlan


def save_mapping(unit: Unit, name: str, plan: ImportPlan) -> None:
    """Keep a plan under a name; one of that name is replaced."""
    keep_mapping(unit, TABLE, name, plan.object, plan.as_json())


def saved_mappings(unit: Unit, object: str) -> list[SavedMapping]:
    """The principal's plans for an object, the newest first."""
    return [
        SavedMapping(name, read_plan(object, found)) for name, found in kept_mappings(unit, TABLE, object)
    ]


def keep_mapping(unit: Unit, kind: str, name: str, object: str, mapping: Mapping[str, Any]) -> None:
    """Keep how files of a kind are read; what the principal kept under that name for the object is replaced."""
    unit.later(
        "INSERT INTO chengdan.import_mapping (kind, name, object, owner, mapping, saved_at) "
        "VALUES (%s, %s, %s, %s, %s::jsonb, %s) ON CONFLICT (kind, object, owner, name) "
        "DO UPDATE SET mapping = excluded.mapping, saved_at = excluded.saved_at",
        (kind, name.strip()[:MAX_NAME], object, unit.principal.user, dumps_text(mapping), unit.now),
    )


def kept_mappings(unit: Unit, kind: str, object: str = "") -> list[tuple[str, Any]]:
    """(name, mapping) of what the principal kept of a kind, for an object or for all (empty), the newest first."""
    return unit.execute(
        "SELECT name, mapping FROM chengdan.import_mapping WHERE kind = %s AND owner = %s AND %s IN (object, '') "
        "ORDER BY saved_at DESC LIMIT %s",
        (kind, unit.principal.user, object, MAX_SAVED),
    ).fetchall()
