"""The saved views that somebody may use."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, LiteralString
from uuid import UUID

from chengdan.base.errors import ChengdanError
from chengdan.kernel.access import Act, ObjectAccess
from chengdan.kernel.look import BadLook, Look, Shared, read_look
from chengdan.kernel.object import Object
from chengdan.run.holding import object_of
from chengdan.run.people import names_of
from chengdan.run.views.errors import NoSuchView, ViewOutdated
from chengdan.run.views.fitness import faults
from chengdan.store.unit import Unit

MAX_LISTED = 500
SHARING = {Shared.TEAM: "share", Shared.EVERYONE: "publish"}
"""The permission that it takes to share a view so far. Who has the second may tidy up the shared views of others."""
_COLUMNS: LiteralString = "id, object, owner, name, definition, shared, team, version"
_WITHIN: LiteralString = (
    "(owner = %(me)s OR shared = 'everyone' OR (shared = 'team' AND team = ANY(%(teams)s::uuid[])))"
)


@dataclass(frozen=True, slots=True)
class SavedView:
    """A row of `chengdan.saved_view`. `team` is the one it is shared with."""

    id: UUID
    object: str
    owner: UUID
    name: str
    definition: Mapping[str, Any]
    shared: Shared
    team: UUID | None
    version: int

    @classmethod
    def of(cls, row: tuple[Any, ...]) -> "SavedView":
        id, object, owner, name, definition, shared, team, version = row
        return cls(id, object, owner, name, definition, Shared(shared), team, version)


def list_views(reader: Unit, object: str = "") -> dict[str, Any]:
    """The saved views that the viewer may use, of one object or of all, and the view that each object starts with."""
    if object:
        object_of(reader, object)
    snapshot, principal = reader.snapshot, reader.principal
    seen = [name for name in snapshot.objects if snapshot.access(principal, name).may(Act.READ)]
    wanted = [name for name in seen if not object or name == object]
    rows = reader.execute(
        "SELECT "
        + _COLUMNS
        + " FROM chengdan.saved_view WHERE object = ANY(%(objects)s) AND "
        + _WITHIN
        + " ORDER BY owner <> %(me)s, id LIMIT %(limit)s",
        {**_viewer(reader), "objects": wanted, "limit": MAX_LISTED},
    ).fetchall()
    views = [SavedView.of(row) for row in rows]
    names = names_of(reader, {view.owner for view in views if view.owner != principal.user})
    defaults = reader.execute(
        "SELECT object, view FROM chengdan.default_view WHERE user_id = %s AND object = ANY(%s)",
        (principal.user, wanted),
    ).fetchall()
    return {"items": [_as_json(reader, view, names) for view in views], "defaults": dict(defaults)}


def get_view(reader: Unit, id: UUID, *, lock: bool = False) -> SavedView:
    """A view that the viewer may use. Raises NoSuchView."""
    rows = reader.execute(
        "SELECT "
        + _COLUMNS
        + " FROM chengdan.saved_view WHERE id = %(id)s AND "
        + _WITHIN
        + (" FOR UPDATE" if lock else ""),
        {**_viewer(reader), "id": id},
    ).fetchall()
    if not rows or not reader.snapshot.access(reader.principal, rows[0][1]).may(Act.READ):
        raise NoSuchView()
    return SavedView.of(rows[0])


def view_json(reader: Unit, view: SavedView) -> dict[str, Any]:
    """One view as `list_views` gives it."""
    return _as_json(reader, view, names_of(reader, [view.owner]))


def _as_json(reader: Unit, view: SavedView, names: Mapping[str, str]) -> dict[str, Any]:
    """A view as the viewer may know it: `problems` says what in it can't be used now.

    Of somebody else's view the viewer learns only what reads fields that are within their sight.
    """
    item, access = object_of(reader, view.object)
    look, problems = _fitting(reader, item, access, view)
    mine = view.owner == reader.principal.user
    shown = look.as_json()
    if not mine and problems:
        broken = {problem.path for problem in problems if problem.path != "columns"}
        shown["columns"] = [
            name for name in look.columns if name in item.by_name and name not in access.hidden
        ]
        shown["widths"] = {name: width for name, width in shown["widths"].items() if name in shown["columns"]}
        shown.update(dict.fromkeys(broken, ""))
        problems = [ViewOutdated(path=path) for path in sorted(broken)]
    return {
        "id": view.id,
        "object": view.object,
        "name": view.name,
        "mine": mine,
        "owner": {"id": view.owner, "label": reader.principal.name if mine else names.get(str(view.owner))},
        "shared": view.shared,
        "editable": mine or reader.snapshot.permitted(reader.principal, SHARING[Shared.EVERYONE]),
        "version": view.version,
        "definition": shown,
        "problems": problems,
    }


def _fitting(
    reader: Unit, item: Object, access: ObjectAccess, view: SavedView
) -> tuple[Look, Sequence[ChengdanError]]:
    """The look that a view holds and what is wrong with it. One that can't even be read is empty, and not to be used."""
    try:
        look = read_look(view.definition)
    except BadLook as error:
        error.path = "filter"
        return Look(), [error]
    return look, faults(reader, item, access, look)


def _viewer(reader: Unit) -> dict[str, Any]:
    principal = reader.principal
    return {"me": principal.user, "teams": [*{*principal.teams, *principal.team_tree}]}
