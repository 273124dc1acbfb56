"""Hostile expressions end in a clear error or a modest cost, never in a crash."""

import tracemalloc

import pytest
from sqlalchemy import select

from chengdan.expr import Context, ExpressionError, check, compile_python
from chengdan.expr.sql import compile_sql
from tests.expr.postgres import DIALECT, SQL
from tests.expr.sample import NOW, SCHEMA, TABLES

MAX_BYTES = 50_000_000

REFUSED = {
    "a million characters": "a" * 1_000_000,
    "a million digits": "9" * 1_000_000,
    "a million brackets": "(" * 1_000_000,
    "brackets": "(" * 4_000 + "1" + ")" * 4_000,
    "41 brackets": "(" * 41 + "1" + ")" * 41,
    "negations": "not " * 2_400 + "true",
    "signs": "-" * 9_000 + "1",
    "calls": "abs(" * 2_400 + "1" + ")" * 2_400,
    "lists": "[" * 9_000,
    "members": "a" + ".a" * 4_000,
    "methods": "name" + ".trim()" * 1_000,
    "a long sum": "+".join(["1"] * 3_000),
    "many parts": " or ".join(["a<b"] * 1_400),
    "a long number": "1" * 31,
    "many decimals": "0." + "1" * 11,
    "a big number": "999999999999999999999999亿",
    "a long name": "a" * 5_000,
    "a long text": '"' + "a" * 1_001 + '"',
    "a long list": "amount in [" + ",".join(["1"] * 501) + "]",
    "a long duration": "10000000d",
    "a fine duration": "0.0000001s",
    "open text": '"' + "\\\\" * 4_000,
    "open label": "`" * 9_000,
    "blanks": " " * 9_999,
    "unknown names": " or ".join(f"zz{number}" for number in range(999)),
    "unknown functions": " or ".join(f"fo{number}(1)" for number in range(700)),
    "wrong options": " and ".join(["stage == 'propo'"] * 500),
    "references": "account" + ".owner" * 30,
    "many references": " or ".join(["account.owner.active"] * 400),
    "many lists": " or ".join(["lines.exists()"] * 400),
    "a long pattern": 'name.like("' + "*a" * 150 + '")',
    "a long replacement": 'name.replace("a", "' + "b" * 101 + '")',
    "a computed pattern": "name.like(name + name)",
    "regular expressions": 'name.matches("(a+)+$")',
    "control characters": '"\x00"',
}

HARMLESS = {
    "a sum at full depth": "amount" + " + amount" * 38,
    "a product at full depth": "amount" + " * amount" * 38,
    "a quotient at full depth": "amount" + " / amount" * 38,
    "choices at full depth": "if(active, " * 38 + "1" + ", 2)" * 38,
    "texts at full depth": "name" + " + name" * 38,
    "replacements at full depth": "replace(" * 38 + '"a"' + ', "a", "aaaaaaaaaa")' * 38,
    "working days at full depth": "add_working_days(" * 38 + "close_on" + ", 1)" * 38,
    "instants at full depth": "sent_at" + " + effort" * 38,
    "extremes at full depth": "min(" * 38 + "amount" + ", seats)" * 38,
    "a wide list": "amount in [" + ",".join(map(str, range(500))) + "]",
    "a wide choice": " or ".join(f"seats == {number}" for number in range(600)),
    "a wide call": "concat(" + ",".join(["name"] * 500) + ")",
    "a wide formula": " + ".join(["value"] * 25),
    "a pattern of stars": 'name.like("' + "*a" * 99 + '*")',
    "forty references": " or ".join(["account.owner.active"] * 40),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_an_excessive_expression_is_refused_within_its_memory(name: str) -> None:
    tracemalloc.start()
    with pytest.raises(ExpressionError) as raised:
        check(REFUSED[name], SCHEMA, "deal")
    message = str(raised.value)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < MAX_BYTES
    assert message.startswith("EXPR-0")
    assert len(message) < 10_000


@pytest.mark.parametrize("name", HARMLESS)
def test_the_largest_expressions_stay_within_their_memory(name: str) -> None:
    record = {
        "amount": 3,
        "seats": 2,
        "active": False,
        "name": "a" * 100_000,
        "close_on": NOW.date(),
        "sent_at": NOW,
        "effort": None,
    }
    tracemalloc.start()
    expression = check(HARMLESS[name], SCHEMA, "deal")
    run = compile_python(expression)
    statement = select(compile_sql(expression, TABLES["deal"], SQL))
    text = str(statement.compile(dialect=DIALECT))
    if not expression.needs().references and not expression.needs().lists:
        run(record, Context(NOW))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < MAX_BYTES
    assert len(text) < 100_000
