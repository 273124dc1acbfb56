"""Saved mappings: a plan under a name, each user's own, for the next file of the same kind."""

from dataclasses import dataclass
from typing import Any

from chengdan.base.json import dumps_text
from chengdan.run.importer.plan import ImportPlan, read_plan
from chengdan.store.unit import Unit

MAX_SAVED = 100
MAX_NAME = 80


@dataclass(frozen=True, slots=True)
class SavedMapping:
    """A plan that was kept under a name."""

    name: str
    plan: ImportPlan


def save_mapping(unit: Unit, name: str, plan: ImportPlan) -> None:
    """Keep a plan under a name; one of that name is replaced."""
    unit.later(
        "INSERT INTO chengdan.import_mapping (name, object, owner, mapping, saved_at) "
        "VALUES (%s, %s, %s, %s::jsonb, %s) ON CONFLICT (object, owner, name) "
        "DO UPDATE SET mapping = excluded.mapping, saved_at = excluded.saved_at",
        (name.strip()[:MAX_NAME], plan.object, unit.principal.user, dumps_text(plan.as_json()), unit.now),
    )


def saved_mappings(unit: Unit, object: str) -> list[SavedMapping]:
    """The principal's plans for an object, the newest first."""
    rows: list[tuple[str, Any]] = unit.execute(
        "SELECT name, mapping FROM chengdan.import_mapping WHERE object = %s AND owner = %s "
        "ORDER BY saved_at DESC LIMIT %s",
        (object, unit.principal.user, MAX_SAVED),
    ).fetchall()
    return [SavedMapping(name, read_plan(object, mapping)) for name, mapping in rows]
