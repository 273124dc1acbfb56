"""Text to syntax tree.

Grammar, loosest first (comparisons do not chain)::

    or   := and  { ("or"  | 或) and }
    and  := not  { ("and" | 且) not }
    not  := ("not" | 非) not | comparison
    comparison := sum [ ("==" | "!=" | "<" | "<=" | ">" | ">=" | "in" | "not in") sum ]
    sum  := term { ("+" | "-") term }
    term := sign { ("*" | "/" | "%") sign }
    sign := "-" sign | postfix
    postfix := primary { "." name [ "(" args ")" ] }
    primary := literal | name [ "(" args ")" ] | "(" or ")" | "[" args "]"
"""

from collections.abc import Callable

from chengdan.expr.errors import SyntaxFault, TooLarge, Wording, say
from chengdan.expr.lexer import KEYWORDS, Token, tokens
from chengdan.expr.nodes import (
    Attribute,
    Binary,
    Call,
    ListOf,
    Literal,
    Method,
    Name,
    Node,
    Unary,
    logic,
    walk,
)

MAX_DEPTH = 40
MAX_NODES = 2_000
MAX_ITEMS = 500

COMPARISONS = frozenset({"==", "!=", "<", "<=", ">", ">=", "in"})


def parse(text: str) -> Node:
    """The syntax tree of `text`. Raises at the first fault (SyntaxFault, TooLarge), with its place."""
    return _Parser(text).whole()


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.stream = tokens(text)
        self.token = next(self.stream)
        self.nesting = 0

    def whole(self) -> Node:
        if self.token.kind == "end":
            raise self.fault(say("表达式是空的", "the expression is empty"))
        node = self.either()
        if self.token.kind != "end":
            raise self.unexpected(say("运算符或结尾", "an operator or the end"))
        for count, (found, depth) in enumerate(walk(node), 1):
            if depth > MAX_DEPTH:
                raise self.large(say("嵌套层数", "levels of nesting"), MAX_DEPTH, found.at)
            if count > MAX_NODES:
                raise self.large(say("表达式节点数", "parts of the expression"), MAX_NODES, found.at)
        return node

    def either(self) -> Node:
        return self.joined("or", self.both)

    def both(self) -> Node:
        return self.joined("and", self.negation)

    def joined(self, op: str, part: Callable[[], Node]) -> Node:
        at = self.token.at
        items = [part()]
        while self.take(op):
            items.append(part())
        return logic(op, items, at) if len(items) > 1 else items[0]

    def negation(self) -> Node:
        at = self.token.at
        if not self.take("not"):
            return self.comparison()
        self.deeper()
        node = Unary("not", self.negation(), at)
        self.nesting -= 1
        return node

    def comparison(self) -> Node:
        left = self.sum()
        op, at = self.comparison_operator()
        if not op:
            return left
        node = Binary(op, left, self.sum(), at)
        second, place = self.comparison_operator()
        if second:
            what = say("比较不能连写", "comparisons cannot be chained")
            advice = say("用 and 连接两个比较。", "Join two comparisons with and.")
            raise SyntaxFault(what, advice, text=self.text, offset=place)
        return node

    def comparison_operator(self) -> tuple[str, int]:
        at = self.token.at
        if self.token.kind == "operator" and self.token.text in COMPARISONS:
            return self.advance().text, at
        if self.take("not"):
            self.expect("in")
            return "not in", at
        return "", at

    def sum(self) -> Node:
        return self.chain(("+", "-"), self.term)

    def term(self) -> Node:
        return self.chain(("*", "/", "%"), self.sign)

    def chain(self, ops: tuple[str, ...], part: Callable[[], Node]) -> Node:
        node = part()
        while self.token.kind == "operator" and self.token.text in ops:
            op = self.advance()
            node = Binary(op.text, node, part(), op.at)
        return node

    def sign(self) -> Node:
        at = self.token.at
        if not self.take("-"):
            return self.postfix()
        self.deeper()
        node = Unary("-", self.sign(), at)
        self.nesting -= 1
        return node

    def postfix(self) -> Node:
        node = self.primary()
        while self.take("."):
            name = self.name()
            if self.take("("):
                node = Method(node, name.text, self.arguments(")"), name.at)
            else:
                node = Attribute(node, name.text, name.at)
        return node

    def primary(self) -> Node:
        token = self.token
        if token.kind == "name":
            self.advance()
            return (
                Call(token.text, self.arguments(")"), token.at)
                if self.take("(")
                else Name(token.text, token.at)
            )
        if token.kind not in ("operator", "end"):
            self.advance()
            return Literal(token.kind, token.value, token.at)
        if self.take("("):
            self.deeper()
            node = self.either()
            self.expect(")")
            self.nesting -= 1
            return node
        if self.take("["):
            return ListOf(self.arguments("]"), token.at)
        raise self.unexpected(say("一个值", "a value"))

    def arguments(self, closing: str) -> tuple[Node, ...]:
        self.deeper()
        items: list[Node] = []
        while not self.take(closing):
            if items:
                self.expect(",")
            if len(items) == MAX_ITEMS:
                raise self.large(say("列表项数", "items of a list"), MAX_ITEMS, self.token.at)
            items.append(self.either())
        self.nesting -= 1
        return tuple(items)

    def deeper(self) -> None:
        self.nesting += 1
        if self.nesting > MAX_DEPTH:
            raise self.large(say("嵌套层数", "levels of nesting"), MAX_DEPTH, self.token.at)

    def name(self) -> Token:
        if self.token.kind != "name":
            raise self.unexpected(say("名称", "a name"))
        return self.advance()

    def advance(self) -> Token:
        token, self.token = self.token, next(self.stream, self.token)
        return token

    def take(self, operator: str) -> bool:
        found = self.token.kind == "operator" and self.token.text == operator
        if found:
            self.advance()
        return found

    def expect(self, operator: str) -> None:
        if not self.take(operator):
            raise self.unexpected(say(f"“{operator}”", f"`{operator}`"))

    def unexpected(self, wanted: Wording) -> SyntaxFault:
        if self.token.kind == "end":
            return self.fault(
                say(f"此处应为{wanted['zh']}，但表达式结束了", f"expected {wanted['en']}, found the end")
            )
        shown = self.token.text or self.text[self.token.at : self.token.at + 20]
        what = say(f"此处应为{wanted['zh']}，而不是“{shown}”", f"expected {wanted['en']}, found `{shown}`")
        glued = self.token.kind == "name" and shown[0] in KEYWORDS
        return self.fault(
            what, say(f"“{shown[0]}”后面要空一格。", f"Put a blank after `{shown[0]}`.") if glued else ""
        )

    def fault(self, what: Wording, advice: Wording | str = "") -> SyntaxFault:
        return SyntaxFault(what, advice, text=self.text, offset=self.token.at)

    def large(self, what: Wording, limit: int, at: int) -> TooLarge:
        return TooLarge(what=what, limit=limit, text=self.text, offset=at)
