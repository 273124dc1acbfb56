"""Random expressions of a wanted kind over a deal of the sample world, as text."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from chengdan.expr import Kind
from chengdan.expr.check import MAX_LEVELS
from chengdan.expr.functions import FUNCTIONS, Overload

N, T, B, D, DT, S, R = (
    Kind.NUMBER,
    Kind.TEXT,
    Kind.BOOLEAN,
    Kind.DATE,
    Kind.DATETIME,
    Kind.DURATION,
    Kind.RECORD,
)
KINDS = (N, T, B, D, DT, S, R)
ORDERED = (N, T, D, DT, S)

_FIELDS = {
    N: ["amount", "金额", "seats", "views", "account.score", "doubled", "value"],
    T: ["name", "stage", "account.industry", "account.owner.name", "owner.name", "account.grade"],
    B: ["active", "owner.active"],
    D: ["close_on", "`预计 成交`", "account.since", "today()"],
    DT: ["sent_at", "created_at", "now()"],
    S: ["effort"],
    R: ["owner", "backup", "account.owner", "me"],
}
_LISTS = {
    "lines": ("x", {N: ["price", "count_of", "total"], T: ["product"], B: ["gift"], D: ["due_on"], DT: ["seen_at"], S: ["took"], R: ["seller"]}),
    "account.contacts": ("y", {N: ["weight"], T: ["role"]}),
}  # fmt: skip
_WITH_LIST = {"value"}
_LITERALS = {
    N: ["0", "1", "2", "3", "-1", "0.5", "10", "100000", "7", "0.0000000001", "1000000000000000", "1万", "33.3333333333"],
    T: ['""', '"a"', '"vip"', '"proposal"', '"中文客户"', "'X'", '"ß"', '" 7 "', '"-12.50"', '"\\n"', '"%"', '"é"'],
    B: ["true", "false"],
    D: ['date("2026-01-31")', 'date("2024-02-29")', 'date("2026-02-16")', 'date("9999-12-28")', 'date("0001-01-05")'],
    DT: ['datetime("2026-03-15T16:30:00+00:00")', 'datetime("2026-03-16T00:00:00+08:00")', 'datetime("0001-01-04T00:00:00Z")'],
    S: ["48h", "30m", "7d", "2w", "90s", "0.000001s", "3000000d", "0s"],
    R: ['if(true, me, null)'],
}  # fmt: skip
_GLOBS = ["*", "a*", "*b*", "?", "??*", "*X?X*", "\\\\*?", "中文*", "", "*%", "a_b*", "*\\\\\\\\*"]
_PARTS = ["a", "X", "", "vip", "文", "%"]
_SUMMABLE = (N, S)


@dataclass
class Writer:
    """Writes expressions; `variables` are the list variables in sight with the fields of their object."""

    chance: random.Random

    def __post_init__(self) -> None:
        self.variables: list[tuple[str, dict[Kind, list[str]]]] = []

    def write(self, kind: Kind, depth: int) -> str:
        """An expression of `kind` with at most `depth` levels."""
        if depth <= 0 or self.chance.random() < 0.15:
            return self.leaf(kind)
        makers: list[Callable[[Kind, int], str]] = [self.call, self.call, self.conditional]
        if kind is B:
            makers += [self.comparison, self.comparison, self.logic, self.inclusion, self.summary]
        elif kind is not R:
            makers += [self.arithmetic, self.arithmetic]
        if kind in (N, S):
            makers += [self.summary]
        elif len(self.variables) < MAX_LEVELS:
            makers += [self.latest]
        return self.chance.choice(makers)(kind, depth - 1)

    def leaf(self, kind: Kind) -> str:
        deepest = len(self.variables) == MAX_LEVELS
        options = [name for name in _FIELDS[kind] if not (deepest and name in _WITH_LIST)]
        if self.chance.random() < 0.4:
            options = list(_LITERALS[kind])
        for variable, fields in self.variables:
            options += [f"{variable}.{name}" for name in fields.get(kind, ())] * 2
        return self.chance.choice(options)

    def call(self, kind: Kind, depth: int) -> str:
        found = [
            (name, overload)
            for name, overloads in FUNCTIONS.items()
            for overload in overloads
            if overload.result is kind
        ]
        if not found:
            return self.leaf(kind)
        name, overload = self.chance.choice(found)
        return f"{name}({', '.join(self.arguments(overload, depth))})"

    def arguments(self, overload: Overload, depth: int) -> list[str]:
        extra = [overload.rest] * self.chance.randrange(3) if overload.rest else []
        args = [
            self.argument(overload, index, param, depth)
            for index, param in enumerate((*overload.params, *extra))
        ]
        if overload.same and self.chance.random() < 0.2:
            args[-1] = "null"
        return args

    def argument(self, overload: Overload, index: int, kind: Kind, depth: int) -> str:
        if index in overload.fixed:
            return '"' + self.chance.choice(_GLOBS if overload.params[1:] == (T,) else _PARTS) + '"'
        if kind is Kind.TEXTS:
            return "tags"
        if kind is N and overload.params[0] is not N and self.chance.random() < 0.7:
            return self.chance.choice(["0", "1", "2", "5", "-1", "1.5", "seats"])
        if kind is D and overload.rest is None and self.chance.random() < 0.2:
            return self.write(DT, depth)
        return self.write(kind, depth)

    def conditional(self, kind: Kind, depth: int) -> str:
        condition, first = self.write(B, depth), self.write(kind, depth)
        second = "null" if self.chance.random() < 0.15 else self.write(kind, depth)
        return f"if({condition}, {first}, {second})"

    def arithmetic(self, kind: Kind, depth: int) -> str:
        shapes = {
            N: [(N, "+", N), (N, "-", N), (N, "*", N), (N, "/", N), (N, "%", N), (S, "/", S)],
            T: [(T, "+", T)],
            D: [(D, "+", S), (D, "-", S), (S, "+", D)],
            DT: [(DT, "+", S), (DT, "-", S)],
            S: [(S, "+", S), (S, "-", S), (S, "*", N), (N, "*", S), (S, "/", N), (D, "-", D), (DT, "-", DT)],
        }
        if kind in (N, S) and self.chance.random() < 0.1:
            return f"-({self.write(kind, depth)})"
        left, op, right = self.chance.choice(shapes[kind])
        return f"({self.write(left, depth)} {op} {self.write(right, depth)})"

    def comparison(self, kind: Kind, depth: int) -> str:
        if self.chance.random() < 0.1:
            return f"({self.chance.choice(['tags', *_FIELDS[R], *_FIELDS[N]])} {self.chance.choice(['==', '!='])} null)"
        if self.chance.random() < 0.1:
            return self.distance(depth)
        side = self.chance.choice(KINDS)
        op = self.chance.choice(["==", "!=", "<", "<=", ">", ">="] if side in ORDERED else ["==", "!="])
        left, right = self.write(side, depth), self.write(side, depth)
        return f"({self.free(side, left)} {op} {self.free(side, right)})"

    def distance(self, depth: int) -> str:
        """How long ago something was, against a known duration."""
        side = self.chance.choice([D, DT])
        sides = [self.chance.choice(_LITERALS[side] + _FIELDS[side][-1:]), self.write(side, depth)]
        self.chance.shuffle(sides)
        parts = [f"{sides[0]} - {sides[1]}", self.chance.choice(_LITERALS[S])]
        self.chance.shuffle(parts)
        return f"({parts[0]} {self.chance.choice(['<', '<=', '>', '>='])} {parts[1]})"

    def free(self, kind: Kind, text: str) -> str:
        """`text` comparable with any value: without the options of a select."""
        return f"text({text})" if kind is T else text

    def logic(self, kind: Kind, depth: int) -> str:
        if self.chance.random() < 0.25:
            return f"(not {self.write(B, depth)})"
        op = self.chance.choice([" and ", " or "])
        return f"({op.join(self.write(B, depth) for _ in range(self.chance.randint(2, 3)))})"

    def inclusion(self, kind: Kind, depth: int) -> str:
        op = self.chance.choice(["in", "not in"])
        if self.chance.random() < 0.3:
            return f"({self.write(T, depth)} {op} tags)"
        side = self.chance.choice(KINDS)
        items = [
            self.write(side, depth if self.chance.random() < 0.3 else 0)
            for _ in range(self.chance.randrange(4))
        ]
        item = self.free(side, self.write(side, depth))
        return f"({item} {op} [{', '.join(items)}])"

    def summary(self, kind: Kind, depth: int) -> str:
        if len(self.variables) == MAX_LEVELS:
            return self.leaf(kind)
        if kind is B:
            return self.over(self.chance.choice(["exists", "all"]), B, depth)
        if kind is N and self.chance.random() < 0.4:
            return self.over("count", B, depth)
        return self.over(self.chance.choice(["sum", "avg", "min", "max", "latest"]), kind, depth)

    def latest(self, kind: Kind, depth: int) -> str:
        functions = ["latest", "min", "max"] if kind in ORDERED else ["latest"]
        return self.over(self.chance.choice(functions), kind, depth)

    def over(self, function: str, kind: Kind, depth: int) -> str:
        name = self.chance.choice(list(_LISTS))
        variable, fields = _LISTS[name]
        if function in ("count", "exists") and self.chance.random() < 0.2:
            return f"{name}.{function}()"
        if any(variable == used for used, _ in self.variables):
            return self.leaf(B if function in ("exists", "all") else N if function == "count" else kind)
        self.variables.append((variable, fields))
        body = self.write(kind, min(depth, 2))
        self.variables.pop()
        method = self.chance.random() < 0.5
        return (
            f"{name}.{function}({variable}, {body})" if method else f"{function}({name}, {variable}, {body})"
        )
