"""Which arguments functions and list functions take and what they give."""

from chengdan.expr.errors import ExpressionError, TypeMismatch, UnknownFunction, say
from chengdan.expr.functions import DATE_OF, FUNCTIONS, HAS, LISTS, Overload
from chengdan.expr.nodes import Name, Node
from chengdan.expr.operators import outside
from chengdan.expr.typed import Aggregate, Apply, Children, Const, Typed
from chengdan.expr.types import BOOLEAN, DATE, NUMBER, ORDERED, Kind, Type, merged, spoken

_ADDABLE = (Kind.NUMBER, Kind.DURATION)


def overloaded(name: str, args: list[Typed]) -> Typed | ExpressionError:
    """The function `name` on `args`, or why not. Where a date is wanted a datetime gives its date in the time zone."""
    overloads = FUNCTIONS[name]
    for lenient in (False, True):
        for overload in overloads:
            fitted = _fitted(overload, args, lenient)
            if fitted is not None:
                return _applied(name, overload, fitted)
    usage = _usage(name, overloads)
    found = ", ".join(spoken(arg.type.kind)["en"] for arg in args)
    found_zh = "、".join(spoken(arg.type.kind)["zh"] for arg in args)
    what = say(f"{name} 不接受（{found_zh}）", f"{name} does not take ({found})")
    return TypeMismatch(what, say(f"写法：{usage}。", f"Usage: {usage}."))


def unavailable(name: str) -> ExpressionError:
    """Why `name`, which the registry lacks, cannot be applied to a value."""
    if name not in LISTS:
        return UnknownFunction(name, FUNCTIONS.keys() | LISTS)
    what = say(f"{name} 只能用于子记录列表", f"{name} takes a list of child records")
    return TypeMismatch(what, say("例如 activities.exists(a, …)。", "For example activities.exists(a, …)."))


def shape_of_list_call(
    function: str, children: str, args: tuple[Node, ...]
) -> tuple[Name | None, Node | None] | ExpressionError:
    """The variable and the body of a list function, both None for a bare `count()` or `exists()`."""
    if function not in LISTS:
        return UnknownFunction(function, LISTS)
    match args:
        case () if function in ("count", "exists"):
            return None, None
        case (Name() as variable, body):
            return variable, body
    usage = f"{children}.{function}(x, …)"
    return TypeMismatch(say(f"写法：{usage}", f"write {usage}"))


def listed(function: str, children: Children, slot: int, body: Typed) -> Typed | ExpressionError:
    """The list function over `body`, or why not."""
    kind = body.type.kind
    match function:
        case "exists" | "all" | "count":
            fits, type = kind is Kind.BOOLEAN, NUMBER if function == "count" else BOOLEAN
        case "sum" | "avg":
            fits, type = kind in _ADDABLE, Type(kind)
        case "min" | "max":
            fits, type = kind in ORDERED, body.type
        case _:
            fits, type = kind not in (Kind.TEXTS, Kind.NULL), body.type
    if fits:
        return Aggregate(type, function, children, slot, body)
    found = spoken(kind)
    return TypeMismatch(say(f"{function} 不接受{found['zh']}", f"{function} does not take {found['en']}"))


def _fitted(overload: Overload, args: list[Typed], lenient: bool) -> list[Typed] | None:
    """`args` as the overload takes them; None when it doesn't."""
    wanted = list(overload.params)
    if overload.rest is not None:
        wanted += [overload.rest] * (len(args) - len(wanted))
    if len(wanted) != len(args):
        return None
    fitted: list[Typed] = []
    for kind, arg in zip(wanted, args, strict=True):
        if arg.type.kind is kind or (overload.same and arg.type.kind is Kind.NULL):
            fitted.append(arg)
        elif lenient and kind is Kind.DATE and overload.rest is None and arg.type.kind is Kind.DATETIME:
            fitted.append(Apply(DATE, "date", DATE_OF, (arg,)))
        else:
            return None
    return fitted


def _applied(name: str, overload: Overload, args: list[Typed]) -> Typed | ExpressionError:
    for index, fixed in overload.fixed.items():
        arg = args[index]
        if not isinstance(arg, Const) or len(arg.value) > fixed.limit:
            what = say(
                f"{name} 的第 {index + 1} 个参数须直接写出，至多 {fixed.limit} 个字符",
                f"argument {index + 1} of {name} must be written out, in at most {fixed.limit} characters",
            )
            return TypeMismatch(what)
    if overload is HAS:
        unknown = outside(args[0], args[1])
        if unknown:
            return unknown
    if not overload.same:
        return Apply(Type(overload.result), name, overload, tuple(args))
    type = args[0].type
    for arg in args[1:]:
        both = merged(type, arg.type)
        if both is None:
            return TypeMismatch(
                say(f"{name} 的参数指向不同对象", f"the arguments of {name} are records of different objects")
            )
        type = both
    return Apply(type, name, overload, tuple(args))


def _usage(name: str, overloads: tuple[Overload, ...]) -> str:
    shapes = [
        ", ".join((*(kind.value for kind in overload.params), *(("…",) if overload.rest else ())))
        for overload in overloads
    ]
    return " | ".join(f"{name}({shape})" for shape in shapes[:4])
