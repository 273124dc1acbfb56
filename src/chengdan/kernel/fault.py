"""Faults of definitions: what may be wrong with one, and how it is said."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from chengdan.base.errors import ChengdanError
from chengdan.expr import ExpressionError, Kind
from chengdan.kernel.place import Place
from chengdan.kernel.reading import ManifestProblem, problem, suggest
from chengdan.kernel.snapshot import Snapshot

Found = Iterator[ChengdanError]


class UnknownName(ManifestProblem):
    """A definition that speaks of something that does not exist."""

    code = "DEF-010"


class Contradiction(ManifestProblem):
    """A definition that cannot work as written."""

    code = "DEF-011"


class BadExpression(ManifestProblem):
    """An expression that does not check."""

    code = "DEF-012"


def unknown(place: Place, what_zh: str, what_en: str, name: str, known: Iterable[str]) -> ChengdanError:
    """A name that is not there; the nearest of `known` is suggested."""
    return problem(
        UnknownName,
        place,
        f"没有{what_zh}“{name}”",
        f"there is no {what_en} `{name}`",
        *suggest(name, list(known)),
    )


def contradiction(place: Place, zh: str, en: str, hint_zh: str = "", hint_en: str = "") -> ChengdanError:
    return problem(Contradiction, place, zh, en, hint_zh, hint_en)


def checks(
    place: Place,
    snapshot: Snapshot,
    object: str,
    text: str,
    expect: Kind | None = None,
    *,
    allow_old: bool = False,
) -> Found:
    """The problem with an expression, if it has one."""
    yield from fault(place, partial(snapshot.compiled, object, text, expect=expect, allow_old=allow_old))


def fault(place: Place, compile: Callable[[], object]) -> Found:
    try:
        compile()
    except ExpressionError as error:
        for reason in error.reasons():
            zh, en = reason.message("zh-CN"), reason.message("en")
            yield problem(BadExpression, place, zh, en, reason.hint("zh-CN"), reason.hint("en"))
