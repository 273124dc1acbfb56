"""Which kinds the operators take and what they give."""

from collections.abc import Mapping
from types import MappingProxyType
from uuid import UUID

from chengdan.expr.errors import TypeMismatch, UnknownOption, say
from chengdan.expr.functions import IS_EMPTY_TEXTS
from chengdan.expr.typed import Apply, Arithmetic, Compare, Const, Not, Typed, Within, is_null
from chengdan.expr.types import BOOLEAN, ORDERED, Kind, Type, merged, spoken

_N, _T, _D, _DT, _S = Kind.NUMBER, Kind.TEXT, Kind.DATE, Kind.DATETIME, Kind.DURATION

RESULTS: Mapping[tuple[Kind, str, Kind], Kind] = MappingProxyType({
    **{(_N, op, _N): _N for op in "+-*/%"},
    (_T, "+", _T): _T,
    (_S, "+", _S): _S,
    (_S, "-", _S): _S,
    (_S, "*", _N): _S,
    (_S, "/", _N): _S,
    (_S, "/", _S): _N,
    (_D, "+", _S): _D,
    (_D, "-", _S): _D,
    (_DT, "+", _S): _DT,
    (_DT, "-", _S): _DT,
    (_D, "-", _D): _S,
    (_DT, "-", _DT): _S,
})  # fmt: skip


def arithmetic(op: str, left: Typed, right: Typed) -> Typed | TypeMismatch:
    """`left op right`, or why not."""
    result = RESULTS.get((left.type.kind, op, right.type.kind))
    if result is not None:
        return Arithmetic(Type(result), op, left, right)
    if op in "+*" and (right.type.kind, op, left.type.kind) in RESULTS:
        return arithmetic(op, right, left)
    return _mismatch(op, left, right)


def comparison(op: str, left: Typed, right: Typed) -> Typed | TypeMismatch | UnknownOption:
    """`left op right`, or why not."""
    left, right = paired(left, right)
    if Kind.TEXTS in (left.type.kind, right.type.kind):
        return _emptiness(op, left, right)
    if merged(left.type, right.type) is None:
        return _mismatch(op, left, right)
    if op not in ("==", "!=") and not (left.type.kind in ORDERED and right.type.kind in ORDERED):
        return _mismatch(op, left, right)
    return outside(left, right) or outside(right, left) or Compare(BOOLEAN, op, left, right)


def membership(item: Typed, items: tuple[Typed, ...]) -> Typed | TypeMismatch | UnknownOption:
    """`item in [items]`, or why not."""
    pairs = [paired(item, other)[1] for other in items]
    for other in pairs:
        if (
            is_null(item)
            or is_null(other)
            or item.type.kind is Kind.TEXTS
            or merged(item.type, other.type) is None
        ):
            return _mismatch("in", item, other)
        unknown = outside(item, other)
        if unknown:
            return unknown
    return Within(BOOLEAN, item, tuple(pairs))


def paired(left: Typed, right: Typed) -> tuple[Typed, Typed]:
    """Both sides, a text literal beside a record read as that record's id where it is one."""
    return _as_record(left, right.type), _as_record(right, left.type)


def outside(side: Typed, other: Typed) -> UnknownOption | None:
    """What is wrong with comparing the select `side` to the literal `other`, if anything."""
    options = side.type.options
    if (
        options is None
        or not isinstance(other, Const)
        or not isinstance(other.value, str)
        or other.value in options
    ):
        return None
    return UnknownOption(other.value, options)


def _as_record(node: Typed, wanted: Type) -> Typed:
    if wanted.kind is not Kind.RECORD or not isinstance(node, Const) or not isinstance(node.value, str):
        return node
    try:
        return Const(wanted, UUID(node.value))
    except ValueError:
        return node


def _emptiness(op: str, left: Typed, right: Typed) -> Typed | TypeMismatch:
    texts, other = (left, right) if left.type.kind is Kind.TEXTS else (right, left)
    if op not in ("==", "!=") or not is_null(other):
        return _mismatch(op, left, right)
    empty = Apply(BOOLEAN, "is_empty", IS_EMPTY_TEXTS, (texts,))
    return empty if op == "==" else Not(BOOLEAN, empty)


def _mismatch(op: str, left: Typed, right: Typed) -> TypeMismatch:
    first, second = spoken(left.type.kind), spoken(right.type.kind)
    what = say(
        f"“{op}”不能用于{first['zh']}和{second['zh']}",
        f"`{op}` does not take {first['en']} and {second['en']}",
    )
    return TypeMismatch(what, _advice(op, left.type, right.type))


def _advice(op: str, left: Type, right: Type) -> Mapping[str, str] | str:
    kinds = {left.kind, right.kind}
    if kinds == {_D, _DT}:
        return say("用 date(时间) 取其日期。", "Use date(…) to take the date of a datetime.")
    if kinds == {_D, _T}:
        return say('日期写作 date("2026-01-31")。', 'Write a date as date("2026-01-31").')
    if kinds == {_DT, _T}:
        return say(
            '时间写作 datetime("2026-01-31T09:00:00+08:00")。',
            'Write an instant as datetime("2026-01-31T09:00:00+08:00").',
        )
    if _N in kinds and _S in kinds:
        return say("时长写作 48h、7d 或 days(n)。", "Write a duration as 48h, 7d or days(n).")
    if _N in kinds and (_D in kinds or _DT in kinds):
        return say("加减时长：+ 7d 或 + days(n)。", "Add a duration: + 7d or + days(n).")
    if Kind.NULL in kinds:
        return say("null 只能用 == 或 != 比较。", "null can only be compared with == or !=.")
    if Kind.TEXTS in kinds:
        return say('多选用 "值" in 字段 或 字段.has("值")。', 'Use "value" in field, or field.has("value").')
    if _T in kinds and op == "+":
        return say("用 text(x) 转为文本。", "Use text(x) to turn a value into text.")
    return ""
