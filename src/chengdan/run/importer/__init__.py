"""Imports: tables become records through the one write path, by a plan that is data."""

from chengdan.run.importer.job import ImportRequest, request_import
from chengdan.run.importer.plan import ImportPlan, Target, read_plan
from chengdan.run.importer.saved import SavedMapping, save_mapping, saved_mappings
from chengdan.run.importer.suggest import ColumnPreview, Preview, preview, suggest

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
    "save_mapping",
    "saved_mappings",
    "suggest",
]
