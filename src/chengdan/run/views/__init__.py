"""Saved views: looks under a name, each person's own, some of them shared with a team or with everyone.

A look is checked when it is kept and again whenever it is read: what it names may be gone by then, or hidden from the reader.
"""

from chengdan.run.views.keeping import change_view, choose_default, create_view, remove_view
from chengdan.run.views.reading import list_views, view_json

__all__ = ["change_view", "choose_default", "create_view", "list_views", "remove_view", "view_json"]
