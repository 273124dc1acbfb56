"""Finding the endpoint of a path: one walk down a tree of its segments, however many endpoints there are.

Starlette tries one pattern after the other, which costs a small request a tenth of its time.
"""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

Answer = Callable[[Request], Awaitable[Response]]


@dataclass(slots=True)
class _Node:
    """A place in the tree: what follows it by a given segment, by any segment, and what answers here by method."""

    given: dict[str, "_Node"] = field(default_factory=dict)
    any: "_Node | None" = None
    answers: dict[str, tuple[Answer, tuple[str, ...]]] = field(default_factory=dict)


class Endpoints(BaseRoute):
    """All endpoints as one route. A given segment comes before `{name}`, which stands for one segment that is not empty."""

    def __init__(self) -> None:
        self._root = _Node()

    def add(self, method: str, path: str, answer: Answer) -> None:
        """Let `answer` answer to `method` on `path`; ValueError if something does already."""
        node, names = self._root, []
        for segment in _segments(path):
            if segment.startswith("{"):
                names.append(segment[1:-1])
                node.any = node = node.any or _Node()
            else:
                node = node.given.setdefault(segment, _Node())
        for one in (method, "HEAD") if method == "GET" else (method,):
            if one in node.answers:
                raise ValueError(f"{one} {path} is answered twice")
            node.answers[one] = answer, tuple(names)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if scope["type"] != "http":
            return Match.NONE, {}
        found = None
        for node, values in _walk(self._root, _segments(scope["path"]), ()):
            known = node.answers.get(scope["method"])
            if known is not None:
                answer, names = known
                return Match.FULL, {"endpoint": answer, "path_params": dict(zip(names, values, strict=True))}
            found = found or node
        if found is None:
            return Match.NONE, {}
        return Match.PARTIAL, {"endpoint": _refusal(sorted(found.answers)), "path_params": {}}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await scope["endpoint"](Request(scope, receive, send))
        await response(scope, receive, send)


def _segments(path: str) -> list[str]:
    return path.split("/")[1:]


def _walk(
    node: _Node, left: Sequence[str], values: tuple[str, ...]
) -> Iterator[tuple[_Node, tuple[str, ...]]]:
    """The places at the end of a path, with what stands for its names."""
    if not left:
        if node.answers:
            yield node, values
        return
    segment, *rest = left
    if segment in node.given:
        yield from _walk(node.given[segment], rest, values)
    if node.any is not None and segment:
        yield from _walk(node.any, rest, (*values, segment))


def _refusal(methods: Sequence[str]) -> Answer:
    async def refuse(request: Request) -> Response:
        raise HTTPException(405, headers={"allow": ", ".join(methods)})

    return refuse
