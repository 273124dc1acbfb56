"""Saved plans of event logs: how the last log of a kind was read, each user's own."""

from dataclasses import dataclass

from chengdan.base.errors import ChengdanError
from chengdan.run.histories.columns import LogColumns, read_columns
from chengdan.run.histories.plan import HistoryPlan, check_history, read_history
from chengdan.run.importer.saved import keep_mapping, kept_mappings
from chengdan.store.unit import Unit

LOG = "log"


@dataclass(frozen=True, slots=True)
class SavedHistory:
    """A plan that was kept under a name, and the columns where the log was a table."""

    name: str
    plan: HistoryPlan
    columns: LogColumns


def save_history(unit: Unit, name: str, plan: HistoryPlan, columns: LogColumns) -> None:
    """Keep a plan under a name; one of that name for the same object is replaced."""
    mapping = {"plan": plan.as_json(), "columns": columns.as_json()}
    keep_mapping(unit, LOG, name, plan.object, mapping)


def saved_histories(unit: Unit) -> list[SavedHistory]:
    """The principal's plans that fit the definitions in force, the newest first."""
    kept = kept_mappings(unit, LOG)
    found = [
        SavedHistory(name, read_history(mapping["plan"]), read_columns(mapping["columns"]))
        for name, mapping in kept
    ]
    return [one for one in found if _fits(unit, one.plan)]


def _fits(unit: Unit, plan: HistoryPlan) -> bool:
    try:
        check_history(plan, unit.snapshot, unit.principal)
    except ChengdanError:
        return False
    return True
