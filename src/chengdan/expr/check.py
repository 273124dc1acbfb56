"""From text to typed tree: names resolved, types checked, formulas read in place. All problems are reported at once."""

from collections.abc import Mapping
from dataclasses import replace

from chengdan.expr import dates
from chengdan.expr.calls import listed, overloaded, shape_of_list_call, unavailable
from chengdan.expr.errors import (
    ExpressionError,
    NameTaken,
    NotAllowedHere,
    TooLarge,
    TypeMismatch,
    UnknownFunction,
    WrongResult,
    gathered,
    say,
)
from chengdan.expr.expression import Expression
from chengdan.expr.functions import FUNCTIONS, HAS, LISTS, NAMES
from chengdan.expr.nodes import Attribute, Binary, Call, ListOf, Literal, Logic, Method, Name, Node, Unary
from chengdan.expr.operators import arithmetic, comparison, membership, outside
from chengdan.expr.resolve import Resolver, Scope
from chengdan.expr.syntax import COMPARISONS, MAX_NODES, parse
from chengdan.expr.typed import (
    Aggregate,
    Apply,
    Children,
    Const,
    Given,
    Here,
    If,
    Negate,
    Not,
    Typed,
)
from chengdan.expr.typed import Logic as TypedLogic
from chengdan.expr.types import (
    BOOLEAN,
    DATE,
    DATETIME,
    DURATION,
    NULL,
    NUMBER,
    TEXT,
    Kind,
    Schema,
    Type,
    merged,
    spoken,
)

MAX_TYPED_DEPTH = 60
MAX_LEVELS = 2

_LITERALS = {"number": NUMBER, "text": TEXT, "boolean": BOOLEAN, "duration": DURATION, "null": NULL}


def check(
    text: str,
    schema: Schema,
    object: str,
    *,
    expect: Kind | None = None,
    allow_old: bool = False,
    extra: Mapping[str, Type] | None = None,
) -> Expression:
    """`text` as an expression over a record of `object`.

    `expect` is the kind of value its place needs. `allow_old` makes the previous values of the record readable as `old`.
    `extra` names further values, which an evaluation finds in the record mapping like fields. Raises an ExpressionError:
    at the first fault of syntax, else one that holds every problem.
    """
    node = parse(text)
    checker = _Checker(schema, allow_old, extra or {})
    scope = Scope(object, Here(), text)
    root = checker.value(node, scope)
    if root is not None and expect is not None and not _suits(root.type.kind, expect):
        wrong = WrongResult(expected=spoken(expect), found=spoken(root.type.kind), text=text)
        checker.errors.append(wrong)
    if checker.errors or root is None:
        raise gathered(checker.errors)
    return Expression(text, object, root, root.type, checker.objects)


def _suits(found: Kind, expected: Kind) -> bool:
    return found is expected or (found is Kind.NULL and expected is not Kind.BOOLEAN)


class _Checker(Resolver):
    def visit(self, node: Node, scope: Scope) -> Typed | None:
        self.count += 1
        self.depth += 1
        if self.count > MAX_NODES:
            raise TooLarge(
                what=say("含公式的表达式节点数", "parts of the expression with its formulas"),
                limit=MAX_NODES,
                **scope.place(node),
            )
        if self.depth > MAX_TYPED_DEPTH:
            raise TooLarge(
                what=say("含公式的嵌套层数", "levels of nesting with formulas"),
                limit=MAX_TYPED_DEPTH,
                **scope.place(node),
            )
        typed = self._visit(node, scope)
        self.depth -= 1
        return typed

    def _visit(self, node: Node, scope: Scope) -> Typed | None:
        match node:
            case Literal(kind=kind, value=value):
                return Const(_LITERALS[kind], value)
            case Name():
                return self.name(node, scope)
            case Attribute():
                return self.attribute(node, scope)
            case Call():
                return self.call(node, scope)
            case Method():
                return self.apply(node, node.name, node.of, node.args, scope)
            case Unary(op="not", operand=operand):
                typed = self.condition(operand, scope)
                return None if typed is None else Not(BOOLEAN, typed)
            case Unary(operand=operand):
                return self.negative(node, operand, scope)
            case Binary():
                return self.binary(node, scope)
            case Logic(op=op, items=items):
                typed_items = [self.condition(item, scope) for item in items]
                sound = [item for item in typed_items if item is not None]
                return TypedLogic(BOOLEAN, op, tuple(sound)) if len(sound) == len(items) else None
            case ListOf():
                what = say("列表只能写在 in 的右边", "a list can only stand to the right of in")
                return self.at(NotAllowedHere(what), node, scope)

    # operators

    def negative(self, node: Unary, operand: Node, scope: Scope) -> Typed | None:
        typed = self.value(operand, scope)
        if typed is None:
            return None
        if typed.type.kind not in (Kind.NUMBER, Kind.DURATION):
            found = spoken(typed.type.kind)
            what = say(f"“-”不能用于{found['zh']}", f"`-` does not take {found['en']}")
            return self.at(TypeMismatch(what), node, scope)
        if isinstance(typed, Const):
            return Const(typed.type, -typed.value)
        return Negate(Type(typed.type.kind), typed)

    def binary(self, node: Binary, scope: Scope) -> Typed | None:
        if node.op in ("in", "not in"):
            return self.inclusion(node, scope)
        left, right = self.value(node.left, scope), self.value(node.right, scope)
        if left is None or right is None:
            return None
        if node.op in COMPARISONS:
            return self.at(comparison(node.op, left, right), node, scope)
        return self.at(arithmetic(node.op, left, right), node, scope)

    def inclusion(self, node: Binary, scope: Scope) -> Typed | None:
        item = self.value(node.left, scope)
        if isinstance(node.right, ListOf):
            items = [self.value(part, scope) for part in node.right.items]
            sound = tuple(part for part in items if part is not None)
            if item is None or len(sound) < len(items):
                return None
            found = self.at(membership(item, sound), node, scope)
        else:
            texts = self.value(node.right, scope)
            if item is None or texts is None:
                return None
            found = self.at(self.has(texts, item), node, scope)
        if found is None or node.op == "in":
            return found
        return Not(BOOLEAN, found)

    def has(self, texts: Typed, item: Typed) -> Typed | ExpressionError:
        if texts.type.kind is not Kind.TEXTS or item.type.kind is not Kind.TEXT:
            what = say(
                "in 的右边应为列表或多选字段", "to the right of in stands a list or a multi-select field"
            )
            return TypeMismatch(what, say('例如 stage in ["a", "b"]。', 'For example stage in ["a", "b"].'))
        return outside(texts, item) or Apply(BOOLEAN, "has", HAS, (texts, item))

    # calls

    def call(self, node: Call, scope: Scope) -> Typed | None:
        match node.name, node.args:
            case "if", (condition, then, otherwise):
                return self.choice(node, condition, then, otherwise, scope)
            case "now", ():
                return Given(DATETIME, "now")
            case "today", ():
                return Given(DATE, "today")
            case "date" | "datetime", (Literal(kind="text"),):
                return self.moment(node, scope)
            case (("if" | "now" | "today" | "datetime"), _):
                usage = {"if": "if(condition, a, b)", "datetime": 'datetime("2026-01-31T09:00:00+08:00")'}
                shown = usage.get(node.name, f"{node.name}()")
                return self.at(TypeMismatch(say(f"写法：{shown}", f"write {shown}")), node, scope)
        if node.name not in NAMES:
            return self.at(UnknownFunction(node.name, NAMES), node, scope)
        if not node.args:
            what = say(f"{node.name} 需要参数", f"{node.name} needs an argument")
            return self.at(TypeMismatch(what), node, scope)
        return self.apply(node, node.name, node.args[0], node.args[1:], scope)

    def moment(self, node: Call, scope: Scope) -> Typed | None:
        literal = node.args[0]
        text = literal.value if isinstance(literal, Literal) and isinstance(literal.value, str) else ""
        try:
            if node.name == "date":
                return Const(DATE, dates.parse_date(text))
            return Const(DATETIME, dates.parse_datetime(text))
        except (ValueError, OverflowError):
            example = "2026-01-31" if node.name == "date" else "2026-01-31T09:00:00+08:00"
            what = say(f"“{text[:40]}”不是有效的日期或时间", f"`{text[:40]}` is not a valid {node.name}")
            return self.at(
                TypeMismatch(what, say(f"例如 {example}。", f"For example {example}.")), literal, scope
            )

    def choice(self, node: Call, condition: Node, then: Node, otherwise: Node, scope: Scope) -> Typed | None:
        test = self.condition(condition, scope)
        first, second = self.value(then, scope), self.value(otherwise, scope)
        if test is None or first is None or second is None:
            return None
        type = merged(first.type, second.type)
        if type is None or type.kind is Kind.TEXTS:
            found, other = spoken(first.type.kind), spoken(second.type.kind)
            what = say(
                f"if 的两个结果类型不同：{found['zh']}和{other['zh']}",
                f"the two results of if differ: {found['en']} and {other['en']}",
            )
            return self.at(TypeMismatch(what), node, scope)
        return If(type, test, first, second)

    def apply(self, node: Node, name: str, first: Node, rest: tuple[Node, ...], scope: Scope) -> Typed | None:
        """A list function or a function of the registry; a method is a function with its receiver first."""
        receiver = self.visit(first, scope)
        if isinstance(receiver, Children):
            return self.aggregate(node, name, receiver, rest, scope)
        if receiver is None and name in LISTS:
            return None
        if name not in FUNCTIONS:
            return self.at(unavailable(name), node, scope)
        args = [receiver, *(self.value(arg, scope) for arg in rest)]
        sound = [arg for arg in args if arg is not None]
        if len(sound) < len(args):
            return None
        return self.at(overloaded(name, sound), node, scope)

    def aggregate(
        self, node: Node, name: str, children: Children, args: tuple[Node, ...], scope: Scope
    ) -> Typed | None:
        shape = shape_of_list_call(name, children.name, args)
        if isinstance(shape, ExpressionError):
            return self.at(shape, node, scope)
        variable, body = shape
        if scope.level >= MAX_LEVELS:
            what = say(f"列表函数最多嵌套 {MAX_LEVELS} 层", f"list functions nest at most {MAX_LEVELS} deep")
            return self.at(NotAllowedHere(what), node, scope)
        self.look_up(node, scope)
        self.slots += 1
        slot = self.slots - 1
        if variable is None or body is None:
            type = BOOLEAN if name == "exists" else NUMBER
            return Aggregate(type, name, children, slot, None)
        if self.taken(variable.name, scope):
            return self.at(NameTaken(name=variable.name), variable, scope)
        variables = {**(scope.variables or {}), variable.name: (slot, children.type.object or "")}
        inner = replace(scope, variables=variables, level=scope.level + 1)
        typed = self.value(body, inner)
        if typed is None:
            return None
        return self.at(listed(name, children, slot, typed), body, scope)

    def taken(self, name: str, scope: Scope) -> bool:
        """Whether `name` already means something where a variable is introduced."""
        known = name in ("me", "old") or name in self.extra or name in (scope.variables or {})
        return known or self.schema.member(scope.object, name) is not None
