"""Hostile expressions end in a clear error or a modest cost, never in a crash."""

import tracemalloc

import pytest
from sqlalchemy import select

from chengdan.expr import Context, ExpressionError, check, compile_python
from chengdan.expr.sql import compile_sql
from tests.expr.hostile import HARMLESS, REFUSED
from tests.expr.postgres import DIALECT, SQL
from tests.expr.sample import NOW, SCHEMA, TABLES

MAX_BYTES = 50_000_000


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
