"""Lookups: words that name records become their ids, one query per batch and way of naming; what was found is kept."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from chengdan.base.errors import ChengdanError
from chengdan.run.importer.cells import as_text
from chengdan.run.importer.convert import Draft, Naming
from chengdan.run.importer.errors import NoMatch, SeveralMatches
from chengdan.store import records
from chengdan.store.unit import Unit

KEPT = 50_000
Words = dict[str, UUID]
Several = dict[tuple[str, str, str], int]
"""The words (by object and field) that more than one record bears, with the number of these."""


class Lookups:
    """What is known of names, across the batches of one import."""

    def __init__(self, object: str) -> None:
        self._object = object
        self._known: dict[tuple[str, str], Words] = defaultdict(dict)

    def resolve(
        self, unit: Unit, drafts: Sequence[Draft], earlier: Mapping[str, Words], shared: Several
    ) -> None:
        """Put ids into the drafts' values; what names no record or several is among their problems afterwards.

        A name that no record bears may be that of another row: one of `drafts`, or of the `earlier` ones (by field), of which several bear
        what is in `shared`.
        """
        naming = [draft for draft in drafts if draft.named]
        for known in self._known.values():
            if len(known) > KEPT:
                known.clear()
        several = {**shared, **self._query(unit, naming)}
        own: dict[str, Words] = {}
        for draft in naming:
            for way, value in draft.named:
                by = way.by[0]
                if way.object == self._object and by not in own:
                    own[by] = {**earlier.get(by, {}), **self._borne(drafts, by, several)}
                words = value if way.listed else [value]
                rows = own.get(by, {}) if way.object == self._object else {}
                ids = [self._one(way, word, several, rows, draft.problems) for word in words]
                found = [id for id in ids if id is not None]
                if len(found) == len(words):
                    draft.values[way.field.name] = [str(id) for id in found] if way.listed else found[0]

    def _borne(self, drafts: Sequence[Draft], by: str, several: Several) -> Words:
        """The ids of the rows themselves by what they bear in the field `by`; shared names are counted in `several`."""
        ids: dict[str, set[UUID]] = defaultdict(set)
        for draft in drafts:
            word = draft.values.get(by)
            if word is not None and draft.id is not None:
                ids[as_text(word)].add(draft.id)
        for word, bearers in ids.items():
            if len(bearers) > 1 and word not in self._known[self._object, by]:
                several.setdefault((self._object, by, word), len(bearers))
        return {word: next(iter(bearers)) for word, bearers in ids.items() if len(bearers) == 1}

    def _query(self, unit: Unit, drafts: Sequence[Draft]) -> Several:
        """Find what isn't known yet; the words that name several records, with their number."""
        several: Several = {}
        rounds = max((len(naming.by) for draft in drafts for naming, _ in draft.named), default=0)
        for way in range(rounds):
            for (object, by), words in self._unknown(drafts, way, several).items():
                known = self._known[object, by]
                for word, ids in records.find_by_key(unit, object, by, sorted(words)).items():
                    if len(ids) == 1:
                        known[word] = ids[0]
                    else:
                        several[object, by, word] = len(ids)
        return several

    def _unknown(
        self, drafts: Iterable[Draft], way: int, several: Several
    ) -> dict[tuple[str, str], set[str]]:
        wanted: dict[tuple[str, str], set[str]] = defaultdict(set)
        for draft in drafts:
            for naming, value in draft.named:
                if way >= len(naming.by):
                    continue
                for word in value if naming.listed else [value]:
                    if not as_id(word) and not self._settled(naming, word, way, several):
                        wanted[naming.object, naming.by[way]].add(word)
        return wanted

    def _settled(self, naming: Naming, word: str, way: int, several: Several) -> bool:
        if word in self._known[naming.object, naming.by[way]]:
            return True
        return any(
            word in self._known[naming.object, by] or (naming.object, by, word) in several
            for by in naming.by[:way]
        )

    def _one(
        self,
        naming: Naming,
        word: str,
        several: Several,
        own: Mapping[str, UUID],
        problems: list[ChengdanError],
    ) -> UUID | None:
        id = as_id(word)
        if id is not None:
            return id
        for by in naming.by:
            known = self._known[naming.object, by].get(word)
            if known is not None:
                return known
            count = several.get((naming.object, by, word))
            if count:
                problems.append(
                    SeveralMatches(
                        path=naming.field.name, label=naming.field.label, value=word[:200], count=count
                    )
                )
                return None
        if word in own:
            return own[word]
        problems.append(NoMatch(path=naming.field.name, label=naming.field.label, value=word[:200]))
        return None


def as_id(word: str) -> UUID | None:
    """The id that a word is, where it is one."""
    if len(word) != 36:
        return None
    try:
        return UUID(word)
    except ValueError:
        return None
