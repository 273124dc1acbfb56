"""A checked expression and what it depends on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

from chengdan.expr.typed import Aggregate, Children, Field, Here, Item, Previous, Typed, walk
from chengdan.expr.types import Type

Path: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListNeed:
    """A list of children to load: their object, the reference that leads back, the fields read from each."""

    object: str
    via: str
    fields: frozenset[str]


@dataclass(frozen=True, slots=True)
class Needs:
    """What an evaluation reads.

    `record`: fields of the subject (extra names included). `old`: fields of its previous values. `references`: by path from
    the subject, the fields of the record there, references that are followed further included. `objects`: the object at
    each path. `lists`: by path and name of the list.
    """

    record: frozenset[str]
    old: frozenset[str]
    references: Mapping[Path, frozenset[str]]
    objects: Mapping[Path, str]
    lists: Mapping[tuple[Path, str], ListNeed]

    @classmethod
    def joined(cls, needs: "Iterable[Needs]") -> "Needs":
        """What several evaluations over one subject read."""
        several = tuple(needs)
        references: dict[Path, frozenset[str]] = {}
        objects: dict[Path, str] = {}
        lists: dict[tuple[Path, str], ListNeed] = {}
        for one in several:
            objects.update(one.objects)
            for path, names in one.references.items():
                references[path] = references.get(path, _NONE) | names
            for key, found in one.lists.items():
                known = lists.get(key)
                fields = found.fields | known.fields if known else found.fields
                lists[key] = ListNeed(found.object, found.via, fields)
        return cls(
            _NONE.union(*(one.record for one in several)),
            _NONE.union(*(one.old for one in several)),
            MappingProxyType(references),
            MappingProxyType(objects),
            MappingProxyType(lists),
        )


_NONE: frozenset[str] = frozenset()
NO_NEEDS = Needs.joined(())


@dataclass(frozen=True)
class Expression:
    """A checked expression: `root` is its typed tree, `type` the type of its value, `objects` what its paths lead to."""

    text: str
    object: str
    root: Typed
    type: Type
    objects: Mapping[Path, str]

    def fields(self) -> frozenset[str]:
        """The paths it reads: `amount`, `account.industry`, `activities[].kind`, `old.stage`; `activities[]` for a list
        whose children are only counted."""
        needs = self.needs()
        paths = {*needs.record, *(f"old.{name}" for name in needs.old)}
        for path, names in needs.references.items():
            paths.update(".".join((*path, name)) for name in names)
        for (path, name), need in needs.lists.items():
            children = f"{'.'.join((*path, name))}[]"
            paths.update((f"{children}.{field}" for field in need.fields) if need.fields else (children,))
        return frozenset(paths)

    def needs(self) -> Needs:
        """What must be at hand to evaluate it."""
        here: dict[Path, set[str]] = {(): set()}
        old: set[str] = set()
        lists: dict[tuple[Path, str], tuple[Children, set[str]]] = {}
        items = _items(self.root)
        for children in items.values():
            lists.setdefault((children.of.path, children.name), (children, set()))
        for part in walk(self.root):
            match part:
                case Field(of=Here(path=path), name=name):
                    _through(here, path).add(name)
                case Field(of=Previous(), name=name):
                    old.add(name)
                case Field(of=Item(slot=slot), name=name):
                    children = items[slot]
                    lists[children.of.path, children.name][1].add(name)
                case Children(of=of) if of.path:
                    _through(here, of.path[:-1]).add(of.path[-1])
                case Aggregate(function="latest", children=children):
                    lists[children.of.path, children.name][1].update(("created_at", "id"))
        record = frozenset(here.pop(()))
        return Needs(
            record,
            frozenset(old),
            MappingProxyType({path: frozenset(names) for path, names in here.items()}),
            MappingProxyType({path: self.objects[path] for path in here}),
            MappingProxyType({
                key: ListNeed(children.type.object or "", children.via, frozenset(names))
                for key, (children, names) in lists.items()
            }),
        )  # fmt: skip


def _items(root: Typed) -> dict[int, Children]:
    return {part.slot: part.children for part in walk(root) if isinstance(part, Aggregate)}


def _through(here: dict[Path, set[str]], path: Path) -> set[str]:
    """The fields read at `path`, the references on the way there noted."""
    for length in range(len(path)):
        here.setdefault(path[:length], set()).add(path[length])
    return here.setdefault(path, set())
