"""The home of a person: the panels of all their roles, and what each of them looks at."""

from collections.abc import Iterable
from dataclasses import dataclass

from chengdan.kernel.access import Act, HomeOf, Principal, Role
from chengdan.kernel.panel import FREE_OF_OBJECT, Panel
from chengdan.kernel.snapshot import Snapshot

OWN = "owner == me"
"""The condition, over any object, that a record is the viewer's own."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What a panel looks at once its view is read into it."""

    object: str
    filter: str
    sort: str
    columns: tuple[str, ...]


def sight_of(snapshot: Snapshot, panel: Panel) -> Sight:
    """The object, condition, order and columns of a panel; what it does not say itself is its view's."""
    view = snapshot.views.get(panel.view)
    texts = [text for text in (view.filter if view else "", panel.filter) if text.strip()]
    return Sight(
        panel.object or (view.object if view else ""),
        all_of(texts),
        panel.sort or (view.sort if view else ""),
        panel.columns or (view.columns if view else ()),
    )


def all_of(texts: Iterable[str]) -> str:
    """The condition that all of these hold."""
    found = list(texts)
    return found[0] if len(found) == 1 else " and ".join(f"({text})" for text in found)


@dataclass(frozen=True, slots=True)
class Home:
    """The panels of a viewer in their order, and whose records they are about."""

    panels: tuple[Panel, ...]
    of: HomeOf


def home_of(snapshot: Snapshot, principal: Principal) -> Home:
    """The home of a principal: the panels of all their roles, each once, those of roles with a choice first.

    Roles that are about different records leave the choice. Panels that show what is hidden from the principal are left out.
    """
    roles = [role for name, role in snapshot.roles.items() if name in principal.roles]
    names = dict.fromkeys(name for role in _in_order(roles) for name in role.home)
    panels = [snapshot.panels[name] for name in names if name in snapshot.panels]
    seen = tuple(panel for panel in panels if _is_seen(snapshot, principal, panel))
    about = {role.home_of for role in roles if role.home}
    return Home(seen, about.pop() if len(about) == 1 else HomeOf.CHOICE if about else HomeOf.MINE)


def _in_order(roles: Iterable[Role]) -> list[Role]:
    return sorted(roles, key=lambda role: role.home_of is not HomeOf.CHOICE)


def _is_seen(snapshot: Snapshot, principal: Principal, panel: Panel) -> bool:
    """Whether the principal may see all that a panel stands on; columns aside, which are left out one by one."""
    if panel.kind in FREE_OF_OBJECT:
        return True
    sight = sight_of(snapshot, panel)
    access = snapshot.access(principal, sight.object)
    sorts = [part.strip().lstrip("-") for part in sight.sort.split(",")]
    named = {panel.by, panel.field, panel.tick, *sorts} - {""}
    return (
        access.may(Act.READ)
        and not named & access.hidden
        and reads_only_seen(snapshot, principal, sight.object, sight.filter)
    )


def reads_only_seen(snapshot: Snapshot, principal: Principal, object: str, text: str) -> bool:
    """Whether an expression over `object` reads nothing that is hidden from the principal."""
    if not text:
        return True
    needs = snapshot.compiled(object, text).needs
    read = [(object, name) for name in needs.record]
    read += [(needs.objects[path], name) for path, names in needs.references.items() for name in names]
    read += [(need.object, name) for need in needs.lists.values() for name in need.fields]
    return all(
        name in ("id", "version")
        or ((access := snapshot.access(principal, holder)).may(Act.READ) and name not in access.hidden)
        for holder, name in read
    )
