"""Imports: tables become records through the one write path, by a plan that is data."""

from chengdan.run.importer.job import ImportRequest, request_import, run_for_real
from chengdan.run.importer.plan import ImportPlan, Target, read_plan
from chengdan.run.importer.saved import SavedMapping, save_mapping, saved_mappings
from chengdan.run.importer.suggest import ColumnPreview, Preview, preview, suggest
from chengdan.run.importer.template import write_template

__all__ = [
    "ColumnPreview",
    "ImportPlan",
    "ImportRequest",
    "Preview",
    "SavedMapping",
    "Target",
    "preview",
    "read_plan",
    "request_import",
    "run_for_real",
    "save_mapping",
    "saved_mappings",
    "suggest",
    "write_template",
]
