"""What is remembered about people, such as who leads a team: asked once, and again when somebody's data changed."""

from collections.abc import Callable, Hashable
from uuid import UUID


class People:
    """Answers about people that hold until `forget`: every commit that changed people calls it, here and by NOTIFY elsewhere."""

    def __init__(self) -> None:
        self._known: dict[Hashable, list[UUID]] = {}

    def remembered(self, question: Hashable, ask: Callable[[], list[UUID]]) -> list[UUID]:
        """The answer to a question. One that was asked before a `forget` and comes after it is not kept."""
        known = self._known
        found = known.get(question)
        if found is None:
            found = known[question] = ask()
        return found

    def forget(self) -> None:
        """Ask everything anew."""
        self._known = {}
