"""Conflicts: what must not be so, although no single write is wrong: two people after one customer, one person twice."""

from dataclasses import dataclass
from dataclasses import field as attribute
from enum import StrEnum

from chengdan.base.label import Label
from chengdan.kernel.likeness import Likeness
from chengdan.kernel.place import NOWHERE, Place
from chengdan.kernel.reading import Mapped


class ConflictKind(StrEnum):
    """What clashes.

    `people`: several people are active on one record. `twins`: records share a value. `files`: files of one name
    differ among the children of a record.
    """

    PEOPLE = "people"
    TWINS = "twins"
    FILES = "files"


@dataclass(frozen=True, slots=True)
class Conflict:
    """A kind of conflict over the records of `object` that satisfy `where`.

    `people`: among the children `of` the record those of the last `days` by their instant `at`; `who` is the child's user
    field that says whose they are, `roles` whose activity counts (empty: everybody's). `twins`: equal values in one of
    `fields`, compared by `like`, of records that differ in the reference `across`. `files`: among the children `of` the
    record those of `file_kinds`, filed in the last `days`.
    """

    name: str
    label: Label
    kind: ConflictKind
    object: str
    where: str = ""
    of: str = ""
    who: str = "owner"
    at: str = "created_at"
    roles: tuple[str, ...] = ()
    days: int = 30
    fields: tuple[str, ...] = ()
    like: Likeness = Likeness.VALUE
    across: str = ""
    file_kinds: tuple[str, ...] = ()
    urgent: bool = False
    place: Place = attribute(default=NOWHERE, compare=False, repr=False)


def read_conflict(m: Mapped) -> Conflict:
    """The definition in a manifest of the kind `conflict`."""
    return Conflict(
        place=m.place,
        name=m.name("conflict"),
        label=m.label("label"),
        kind=m.choice("kind", ConflictKind),
        object=m.text("object"),
        where=m.text("where", ""),
        of=m.text("of", ""),
        who=m.text("who", "owner"),
        at=m.text("at", "created_at"),
        roles=m.texts("roles"),
        days=m.integer("days", 30),
        fields=m.texts("fields"),
        like=m.choice("like", Likeness, Likeness.VALUE),
        across=m.text("across", ""),
        file_kinds=m.texts("file_kinds"),
        urgent=m.flag("urgent"),
    )
