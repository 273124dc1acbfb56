"""Saving views, changing and sharing them, and choosing the one to start with."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from chengdan.base.ids import new_id
from chengdan.base.json import dumps_text
from chengdan.kernel.look import MAX_NAME, Shared
from chengdan.run.holding import object_of, require
from chengdan.run.people import names_of
from chengdan.run.read import bad_query
from chengdan.run.views.errors import NoSuchView, NoTeam, StaleView, TooManyViews, ViewNameTaken, ViewNotYours
from chengdan.run.views.fitness import checked
from chengdan.run.views.reading import SHARING, SavedView, get_view
from chengdan.store.unit import Unit

MAX_OWN = 50
EVERYTHING = "all"
"""The name of the view that leaves nothing out; every object has it."""


def create_view(
    unit: Unit, object: str, name: str, definition: Mapping[str, Any], shared: Shared
) -> SavedView:
    """Keep a look under a name. Raises BadLook, Problems, TooManyViews, ViewNameTaken, NotPermitted, NoTeam."""
    item, access = object_of(unit, object)
    look = checked(unit, item, access, definition)
    owner = unit.principal.user
    taken = unit.execute(
        "SELECT name FROM chengdan.saved_view WHERE owner = %s AND object = %s LIMIT %s",
        (owner, object, MAX_OWN),
    ).fetchall()
    if len(taken) >= MAX_OWN:
        raise TooManyViews(limit=MAX_OWN)
    called, team, id = _named(name), _team(unit, shared), new_id()
    _refuse_taken(called, [row[0] for row in taken])
    done = unit.execute(
        "INSERT INTO chengdan.saved_view (id, object, owner, name, definition, shared, team, saved_at) "
        "VALUES (%s, %s, %s, %s, %s::jsonb, %s, %s, %s) ON CONFLICT DO NOTHING RETURNING id",
        (id, object, owner, called, dumps_text(look.as_json()), shared, team, unit.now),
    ).fetchone()
    if done is None:
        raise ViewNameTaken(path="name", name=called)
    return SavedView(id, object, owner, called, look.as_json(), shared, team, 1)


def change_view(
    unit: Unit,
    id: UUID,
    version: int,
    *,
    name: str | None = None,
    definition: Mapping[str, Any] | None = None,
    shared: Shared | None = None,
) -> SavedView:
    """Rename, redefine or share a view. Raises as `create_view`, and NoSuchView, ViewNotYours, StaleView."""
    view = _own(unit, id)
    item, access = object_of(unit, view.object)
    if view.version != version:
        raise StaleView()
    kept = view.definition if definition is None else checked(unit, item, access, definition).as_json()
    renamed = view.name if name is None else _named(name)
    if renamed != view.name:
        others = unit.execute(
            "SELECT name FROM chengdan.saved_view WHERE owner = %s AND object = %s AND id <> %s LIMIT %s",
            (view.owner, view.object, id, MAX_OWN),
        ).fetchall()
        _refuse_taken(renamed, [row[0] for row in others])
    to = view.shared if shared is None else shared
    team = view.team if to is view.shared else _team(unit, to)
    unit.later(
        "UPDATE chengdan.saved_view SET name = %s, definition = %s::jsonb, shared = %s, team = %s, "
        "version = version + 1, saved_at = %s WHERE id = %s",
        (renamed, dumps_text(kept), to, team, unit.now, id),
    )
    return replace(view, name=renamed, definition=kept, shared=to, team=team, version=version + 1)


def remove_view(unit: Unit, id: UUID) -> None:
    """Forget a view. Raises NoSuchView, ViewNotYours."""
    view = _own(unit, id)
    unit.later("DELETE FROM chengdan.saved_view WHERE id = %s", (id,))
    unit.later("DELETE FROM chengdan.default_view WHERE object = %s AND view = %s", (view.object, str(id)))


def choose_default(unit: Unit, object: str, view: str) -> None:
    """The view that an object's page starts with for the principal; empty for the one that it comes with.

    Raises NoSuchView.
    """
    object_of(unit, object)
    me = unit.principal.user
    if not view:
        unit.later("DELETE FROM chengdan.default_view WHERE user_id = %s AND object = %s", (me, object))
        return
    shipped = unit.snapshot.views.get(view)
    if view != EVERYTHING and (shipped is None or shipped.object != object):
        try:
            found = get_view(unit, UUID(view))
        except ValueError:
            raise NoSuchView() from None
        if found.object != object:
            raise NoSuchView()
    unit.later(
        "INSERT INTO chengdan.default_view (user_id, object, view) VALUES (%s, %s, %s) "
        "ON CONFLICT (user_id, object) DO UPDATE SET view = excluded.view",
        (me, object, view),
    )


def _own(unit: Unit, id: UUID) -> SavedView:
    """The view, locked, if the principal may change it. Raises NoSuchView, ViewNotYours."""
    view = get_view(unit, id, lock=True)
    if view.owner != unit.principal.user and not unit.snapshot.permitted(
        unit.principal, SHARING[Shared.EVERYONE]
    ):
        owner = names_of(unit, [view.owner]).get(str(view.owner), "")
        raise ViewNotYours(owner=owner)
    return view


def _team(unit: Unit, shared: Shared) -> UUID | None:
    """The team that a view is shared with. Raises NotPermitted, NoTeam."""
    if shared is Shared.NONE:
        return None
    require(unit, SHARING[shared])
    if shared is Shared.EVERYONE:
        return None
    if not unit.principal.teams:
        raise NoTeam(path="shared")
    return unit.principal.teams[0]


def _named(name: str) -> str:
    found = " ".join(name.split())
    if not found or len(found) > MAX_NAME:
        raise bad_query("name", f"名称应有 1–{MAX_NAME} 个字", f"a name has 1–{MAX_NAME} characters")
    return found


def _refuse_taken(name: str, names: Sequence[str]) -> None:
    if name in names:
        raise ViewNameTaken(path="name", name=name)
