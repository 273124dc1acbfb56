"""What a rehearsal has decided so far: rows that would be there by now, and by what later rows of the file may name them."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from uuid import UUID

from chengdan.run.importer.cells import as_text
from chengdan.run.importer.convert import Draft
from chengdan.run.importer.lookup import Several, Words


class Rehearsed:
    """The rows of a dry run that were accepted and rolled back: `keys` by the plan's key, `borne` by each field that
    other rows of the file name them by. Words that several of them bear are counted in `several`."""

    def __init__(self, object: str, named_by: frozenset[str]) -> None:
        self._object = object
        self._named_by = named_by
        self.keys: Words = {}
        self.borne: dict[str, Words] = defaultdict(dict)
        self.several: Several = {}
        self._ids: set[UUID] = set()

    def remember(self, drafts: Iterable[Draft], refused: Collection[int]) -> None:
        """Note the rows of a batch that were accepted; `refused` are the lines of the others."""
        for draft in drafts:
            if draft.id is None or draft.line in refused:
                continue
            self._ids.add(draft.id)
            if draft.key:
                self.keys[draft.key] = draft.id
            for by in self._named_by:
                word = draft.values.get(by)
                if word is not None:
                    self._bear(by, as_text(word), draft.id)

    def _bear(self, by: str, word: str, id: UUID) -> None:
        known = self.borne[by].setdefault(word, id)
        if known != id:
            place = (self._object, by, word)
            self.several[place] = self.several.get(place, 1) + 1

    def take_off(self, draft: Draft) -> frozenset[str]:
        """Take references to rows that were rolled back off a row: it is checked without them. The fields now empty."""
        emptied = set()
        for naming, _ in draft.named:
            value = draft.values.get(naming.field.name)
            if isinstance(value, UUID) and value in self._ids:
                del draft.values[naming.field.name]
                emptied.add(naming.field.name)
            elif isinstance(value, list):
                draft.values[naming.field.name] = [one for one in value if UUID(one) not in self._ids]
        return frozenset(emptied)
