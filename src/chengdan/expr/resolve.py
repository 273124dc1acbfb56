"""What names mean: fields, references, lists, variables, `me`, `old`, and formulas read in place."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chengdan.expr.errors import (
    ExpressionError,
    FormulaCycle,
    NotAllowedHere,
    TooLarge,
    TypeMismatch,
    UnknownName,
    WrongResult,
    gathered,
    say,
)
from chengdan.expr.expression import Path
from chengdan.expr.nodes import Attribute, Name, Node
from chengdan.expr.syntax import parse
from chengdan.expr.typed import Children, Field, Given, Here, Item, Origin, Previous, Typed
from chengdan.expr.types import USER, Kind, Member, Schema, Type, spoken

MAX_PROBLEMS = 20
MAX_HOPS = 5
MAX_LOOKUPS = 40


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a name is looked up: the object and origin of bare names, the variables, and the text for error places."""

    object: str
    origin: Origin
    text: str
    label: str = ""
    variables: Mapping[str, tuple[int, str]] | None = None
    formulas: tuple[tuple[str, str], ...] = ()
    level: int = 0

    def place(self, node: Node) -> dict[str, Any]:
        return {"text": self.text, "offset": node.at, "path": self.label}


class Resolver(ABC):
    """Visits syntax nodes. A visit gives None when a problem in or below the node is already reported."""

    def __init__(self, schema: Schema, allow_old: bool, extra: Mapping[str, Type]) -> None:
        self.schema = schema
        self.allow_old = allow_old
        self.extra = extra
        self.errors: list[ExpressionError] = []
        self.objects: dict[Path, str] = {}
        self.count = 0
        self.depth = 0
        self.slots = 0
        self.lookups = 0

    def report(self, error: ExpressionError) -> None:
        self.errors.append(error)
        if len(self.errors) >= MAX_PROBLEMS:
            raise gathered(self.errors)

    def at(self, result: Typed | ExpressionError, node: Node, scope: Scope) -> Typed | None:
        """`result`, or its report at `node`."""
        if not isinstance(result, ExpressionError):
            return result
        self.report(result.placed(**scope.place(node)))
        return None

    def value(self, node: Node, scope: Scope) -> Typed | None:
        """The typed form of a node that must be a single value."""
        typed = self.visit(node, scope)
        if isinstance(typed, Children):
            advice = say(f"例如 {typed.name}.count()。", f"For example {typed.name}.count().")
            what = say(f"“{typed.name}”是列表", f"`{typed.name}` is a list, not a value")
            return self.at(TypeMismatch(what, advice), node, scope)
        if isinstance(typed, Field) and isinstance(typed.of, Here) and typed.of.path:
            self.look_up(node, scope)
        return typed

    def condition(self, node: Node, scope: Scope) -> Typed | None:
        """The typed form of a node that must be true or false."""
        typed = self.value(node, scope)
        if typed is None or typed.type.kind is Kind.BOOLEAN:
            return typed
        wrong = WrongResult(expected=spoken(Kind.BOOLEAN), found=spoken(typed.type.kind))
        return self.at(wrong, node, scope)

    @abstractmethod
    def visit(self, node: Node, scope: Scope) -> Typed | None:
        """The typed form of `node`; a list of children stays one."""

    def name(self, node: Name, scope: Scope) -> Typed | None:
        variables = scope.variables or {}
        if node.name in variables:
            slot, object = variables[node.name]
            return Field(Type(Kind.RECORD, object), Item(slot), "id")
        if node.name == "me":
            return Given(USER, "me")
        if node.name == "old":
            what = say("old 只能用作 old.字段", "old stands before a field: old.amount")
            return self.at(NotAllowedHere(what), node, scope)
        if not scope.formulas and node.name in self.extra:
            return Field(self.extra[node.name], Here(), node.name)
        member = self.schema.member(scope.object, node.name)
        if member is None:
            known = [
                *self.schema.names(scope.object),
                *variables,
                *(() if scope.formulas else self.extra),
                "me",
            ]
            return self.at(UnknownName(node.name, scope.object, known), node, scope)
        return self.member(member, scope.object, scope.origin, node, scope)

    def attribute(self, node: Attribute, scope: Scope) -> Typed | None:
        target = self.target(node, scope)
        if target is None:
            return None
        object, origin = target
        member = self.schema.member(object, node.name)
        if member is None:
            return self.at(UnknownName(node.name, object, self.schema.names(object)), node, scope)
        return self.member(member, object, origin, node, scope)

    def target(self, node: Attribute, scope: Scope) -> tuple[str, Origin] | None:
        """The object and origin of the record before the point."""
        of = node.of
        if isinstance(of, Name) and scope.variables and of.name in scope.variables:
            slot, object = scope.variables[of.name]
            return object, Item(slot)
        if isinstance(of, Name) and of.name == "old":
            if self.allow_old and not scope.formulas:
                return scope.object, Previous()
            what = say("此处没有 old", "old is not available here")
            self.at(NotAllowedHere(what), of, scope)
            return None
        typed = self.visit(of, scope)
        if typed is None:
            return None
        if isinstance(typed, Field) and typed.type.kind is Kind.RECORD and typed.type.object:
            if isinstance(typed.of, Here):
                path = (*typed.of.path, typed.name)
                if len(path) > MAX_HOPS:
                    raise TooLarge(
                        what=say("引用层数", "references in a row"), limit=MAX_HOPS, **scope.place(node)
                    )
                self.objects[path] = typed.type.object
                return typed.type.object, Here(path)
            what = say(
                "列表变量和 old 不能再跟随引用", "a reference of a list variable or of old cannot be followed"
            )
            self.at(NotAllowedHere(what), node, scope)
            return None
        found = spoken(typed.type.kind)
        what = say(
            f"{found['zh']}没有字段“{node.name[:50]}”", f"{found['en']} has no field `{node.name[:50]}`"
        )
        self.at(TypeMismatch(what), node, scope)
        return None

    def member(self, member: Member, object: str, origin: Origin, node: Node, scope: Scope) -> Typed | None:
        if member.formula is not None:
            return self.formula(member, member.formula, object, origin, node, scope)
        if member.type.kind is not Kind.RECORDS:
            return Field(member.type, origin, member.name)
        if isinstance(origin, Here) and member.via:
            return Children(member.type, origin, member.name, member.via)
        what = say("列表变量和 old 不能再取子列表", "a list of a list variable or of old cannot be read")
        return self.at(NotAllowedHere(what), node, scope)

    def look_up(self, node: Node, scope: Scope) -> None:
        """Count a read beyond the record: each is a subquery in SQL."""
        self.lookups += 1
        if self.lookups > MAX_LOOKUPS:
            what = say("经引用或列表的读取次数", "reads through references and lists")
            raise TooLarge(what=what, limit=MAX_LOOKUPS, **scope.place(node))

    def formula(
        self, member: Member, text: str, object: str, origin: Origin, node: Node, scope: Scope
    ) -> Typed | None:
        step = (object, member.name)
        formulas = (*scope.formulas, step)
        if step in scope.formulas:
            chain = " → ".join(f"{name}.{field}" for name, field in formulas)
            return self.at(FormulaCycle(chain=chain), node, scope)
        inner = Scope(object, origin, text, f"{object}.{member.name}", None, formulas, scope.level)
        try:
            tree = parse(text)
        except ExpressionError as error:
            self.report(error.placed(error.text, error.offset, inner.label))
            return None
        typed = self.value(tree, inner)
        if typed is None or typed.type.kind is member.type.kind:
            return typed
        wrong = WrongResult(expected=spoken(member.type.kind), found=spoken(typed.type.kind))
        return self.at(wrong, tree, inner)
