"""Whether a look fits the definitions in force, and the viewer."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from chengdan.base.errors import ChengdanError, Problems
from chengdan.kernel.access import ObjectAccess
from chengdan.kernel.field import SORTABLE
from chengdan.kernel.look import DRAWN_FROM, Look, read_look
from chengdan.kernel.object import Object
from chengdan.kernel.view import VIEW_KINDS
from chengdan.run.read import bad_query, readable_field, sort_keys, viewer_filter
from chengdan.store.unit import Unit


def faults(reader: Unit, item: Object, access: ObjectAccess, look: Look) -> list[ChengdanError]:
    """All that is wrong with a look for this viewer now; each error's path is the member of the look."""
    found: list[ChengdanError] = []
    if look.kind not in VIEW_KINDS:
        found.append(
            bad_query("kind", f"没有“{look.kind}”这种视图", f"there is no view of the kind `{look.kind}`")
        )
    checks: list[tuple[str, Callable[[], object]]] = [
        ("filter", lambda: viewer_filter(reader, item, [look.filter] if look.filter else [])),
        ("sort", lambda: sort_keys(item, access, look.sort)),
        *(("columns", partial(readable_field, item, access, name, "columns")) for name in look.columns),
    ]
    for member in DRAWN_FROM:
        if name := getattr(look, member):
            checks.append((member, partial(readable_field, item, access, name, member)))
    if look.group_by:
        checks.append(("group_by", lambda: _groupable(item, access, look.group_by)))
    for path, check in checks:
        try:
            check()
        except ChengdanError as error:
            for reason in error.reasons():
                reason.path = path
                found.append(reason)
    return found


def _groupable(item: Object, access: ObjectAccess, name: str) -> None:
    field = readable_field(item, access, name, "group_by")
    if field.type not in SORTABLE:
        raise bad_query("group_by", f"不能按“{field.label.zh}”分组", f"{field.label.en} can't be grouped by")


def checked(unit: Unit, item: Object, access: ObjectAccess, definition: Mapping[str, Any]) -> Look:
    """A look that fits. Raises BadLook, Problems."""
    look = read_look(definition)
    found = faults(unit, item, access, look)
    if found:
        raise Problems(found)
    return look
