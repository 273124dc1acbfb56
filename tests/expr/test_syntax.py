"""The grammar: what a text means, its one canonical form, and its form as JSON."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chengdan.expr import ExpressionError, Node, from_json, parse, to_json, to_text
from chengdan.expr.nodes import Attribute, Binary, Call, ListOf, Literal, Logic, Method, Name, Unary, logic


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ('stage=="proposal"and amount>1', 'stage == "proposal" and amount > 1'),
        ("a or b and not c", "a or b and not c"),
        ("(a or b) and c", "(a or b) and c"),
        ("a and (b and c)", "a and b and c"),
        ("not (a == b)", "not a == b"),
        ("(not a) == b", "(not a) == b"),
        ("a - b - c", "a - b - c"),
        ("a - (b - c)", "a - (b - c)"),
        ("(a + b) * c / d % e", "(a + b) * c / d % e"),
        ("-(a + b) * -c", "-(a + b) * -c"),
        ("- -1", "--1"),
        ("(-a).len()", "(-a).len()"),
        ("a not in [1, 2]", "a not in [1, 2]"),
        ("not a in [1]", "not a in [1]"),
        ("account . industry", "account.industry"),
        ("contacts.exists(c, c.role == 'x')", 'contacts.exists(c, c.role == "x")'),
        ("if(a, 1, 2)", "if(a, 1, 2)"),
        (
            "阶段 == “方案” 且 非 （金额 ＞ 10万 或 x ≠ 1）",
            '阶段 == "方案" and not (金额 > 100000 or x != 1)',
        ),
        ("`预计 金额` > 1.50亿", "`预计 金额` > 150000000.00"),
        ("`plain` + `and`", "plain + `and`"),
        ("48h", "2d"),
        ("2w + 90s + 36小时 + 0.5s + 1分钟", "14d + 90s + 36h + 0.5s + 1m"),
        (r'"a\"b\\c\n\u4e2d"', r'"a\"b\\c\n中"'),
        ("true == false or null == x", "true == false or null == x"),
    ],
)
def test_a_text_has_one_canonical_form(written: str, canonical: str) -> None:
    assert to_text(parse(written)) == canonical
    assert parse(canonical) == parse(written)


def test_literals_have_exact_values() -> None:
    assert parse("0.1") == Literal("number", Decimal("0.1"))
    assert parse("1.5h") == Literal("duration", timedelta(minutes=90))
    assert parse("0.000001s") == Literal("duration", timedelta(microseconds=1))
    assert parse("'它说“好”'") == Literal("text", "它说“好”")


def test_operators_bind_as_documented() -> None:
    assert parse("a or b and not c + 1 * -d.x > 2") == Logic(
        "or",
        (
            Name("a"),
            Logic(
                "and",
                (
                    Name("b"),
                    Unary(
                        "not",
                        Binary(
                            ">",
                            Binary(
                                "+",
                                Name("c"),
                                Binary(
                                    "*", Literal("number", Decimal(1)), Unary("-", Attribute(Name("d"), "x"))
                                ),
                            ),
                            Literal("number", Decimal(2)),
                        ),
                    ),
                ),
            ),
        ),
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", "EXPR-002 the expression is empty.\n"),
        (
            "amount >",
            "EXPR-002 expected a value, found the end.\namount >\n        ^",
        ),
        (
            "stage == “方案” and",
            "EXPR-002 expected a value, found the end.\nstage == “方案” and\n                   ^",
        ),
        (
            "a = 1",
            "EXPR-002 unexpected character `=`. Write == to compare.\na = 1\n  ^",
        ),
        (
            "1 < a < 3",
            "EXPR-002 comparisons cannot be chained. Join two comparisons with and.\n1 < a < 3\n      ^",
        ),
        (
            "金额 > 100元",
            "EXPR-002 a number cannot be followed by `元`. Write durations as 48h or 7d; put a space before words.\n"
            "金额 > 100元\n          ^",
        ),
        ("(a", "EXPR-002 expected `)`, found the end.\n(a\n  ^"),
        ("a b", "EXPR-002 expected an operator or the end, found `b`.\na b\n  ^"),
        (
            "a == “b”且c",
            "EXPR-002 expected an operator or the end, found `且c`. Put a blank after `且`.\na == “b”且c\n        ^",
        ),
        ("a not b", "EXPR-002 expected `in`, found `b`.\na not b\n      ^"),
        ("a.1", "EXPR-002 expected a name, found `1`.\na.1\n  ^"),
        ('x == "abc', 'EXPR-002 the text has no closing quote.\nx == "abc\n     ^'),
        (
            r'"\q"',
            "EXPR-002 unknown escape. Known: \\\" \\\\ \\n \\t \\r \\u4e2d\n\"\\q\"\n ^",
        ),
        ('"\\ud800"', 'EXPR-002 the text holds a character that is not allowed.\n"\\ud800"\n      ^'),
        ("a == 1\nand b ==", "EXPR-002 expected a value, found the end.\nand b ==\n        ^"),
    ],
)  # fmt: skip
def test_a_fault_is_shown_with_a_caret_under_its_place(text: str, shown: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        parse(text)
    assert str(raised.value) == shown.rstrip("\n")


def test_a_fault_tells_its_line_column_and_offset() -> None:
    with pytest.raises(ExpressionError) as raised:
        parse("a == 1\n  and )")
    error = raised.value
    assert (error.line, error.column, error.offset) == (2, 7, 13)
    assert error.message("zh-CN") == "此处应为一个值，而不是“)”。"


def test_the_excerpt_of_a_long_line_is_cut_around_the_place() -> None:
    with pytest.raises(ExpressionError) as raised:
        parse("a + " * 50 + ")" + " + a" * 50)
    line, caret = raised.value.excerpt.split("\n")
    assert len(line) == 80
    assert line[len(caret) - 1] == ")"


_names = st.sampled_from(["a", "金额", "in", "预计 金额", "null", "x_1", "if", "me"])
_literals = st.one_of(
    st.decimals(0, Decimal("1e20"), places=6).map(lambda value: Literal("number", value)),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20).map(lambda value: Literal("text", value)),
    st.booleans().map(lambda value: Literal("boolean", value)),
    st.just(Literal("null", None)),
    st.timedeltas(timedelta(0), timedelta(days=9_999_999)).map(lambda value: Literal("duration", value)),
)  # fmt: skip


def _compound(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    args = st.lists(inner, max_size=3).map(tuple)
    return st.one_of(
        st.builds(Attribute, inner, _names),
        st.builds(Call, _names, args),
        st.builds(Method, inner, _names, args),
        st.builds(Unary, st.sampled_from(["not", "-"]), inner),
        st.builds(Binary, st.sampled_from(["==", "!=", "<", ">=", "in", "not in", "+", "-", "*", "/", "%"]), inner, inner),
        st.builds(logic, st.sampled_from(["and", "or"]), st.lists(inner, min_size=2, max_size=3)),
        st.builds(ListOf, args),
    )  # fmt: skip


_trees: st.SearchStrategy[Node] = st.recursive(
    st.one_of(st.builds(Name, _names), _literals), _compound, max_leaves=12
)


@settings(max_examples=300, deadline=None)
@given(_trees)
def test_every_tree_survives_its_text_and_its_json(tree: Node) -> None:
    assert parse(to_text(tree)) == tree
    assert to_text(parse(to_text(tree))) == to_text(tree)
    assert from_json(to_json(tree)) == tree


@pytest.mark.parametrize(
    "saved",
    [
        {},
        {"node": "nothing"},
        {"node": "number", "value": 5},
        {"node": "number", "value": "1e400"},
        {"node": "number", "value": "-1"},
        {"node": "number", "value": "NaN"},
        {"node": "text", "value": "a\0b"},
        {"node": "boolean", "value": "true"},
        {"node": "duration", "value": "1e300"},
        {"node": "duration", "value": "Infinity"},
        {"node": "name", "name": "a`b"},
        {"node": "name", "name": ["a"]},
        {"node": "unary", "op": "+", "operand": {"node": "null"}},
        {"node": "binary", "op": "; drop", "left": {"node": "null"}, "right": {"node": "null"}},
        {"node": "logic", "op": "and", "items": [{"node": "null"}]},
        {"node": "logic", "op": "xor", "items": [{"node": "null"}, {"node": "null"}]},
        {"node": "call", "name": "f", "args": {"node": "null"}},
        {"node": "list", "items": "ab"},
        ["node"],
        "node",
        None,
    ],
)
def test_malformed_json_is_refused(saved: Any) -> None:
    with pytest.raises(ExpressionError):
        from_json(saved)


def test_json_nested_without_end_is_refused() -> None:
    saved: dict[str, Any] = {"node": "null"}
    for _ in range(5_000):
        saved = {"node": "unary", "op": "not", "operand": saved}
    with pytest.raises(ExpressionError) as raised:
        from_json(saved)
    assert raised.value.code == "EXPR-003"
