"""Python and PostgreSQL give the same value for every expression and record."""

import itertools
import random
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.exc import DBAPIError

from chengdan.expr import Expression, ExpressionError, Kind, check, compile_python, parse, to_text
from chengdan.expr.errors import TooLarge
from chengdan.expr.nodes import walk
from chengdan.expr.sql import compile_filter, compile_sql
from tests.expr.generate import KINDS, Writer
from tests.expr.postgres import SQL, filled
from tests.expr.sample import (
    SCHEMA,
    TABLES,
    World,
    random_rows,
)

BATCHES = 200
EXPRESSIONS = 50
DEALS = 20
FACTS = (
    "stage == 'won'",
    "'lead' == stage",
    "not (stage in ['won', 'lost']) and stage == 'proposal'",
    "name == 'a'",
)
"""Conditions that tell others what a field is."""


def test_ten_thousand_random_expressions_agree_on_twenty_records_each(connection: Connection) -> None:
    written = 0
    for seed in range(BATCHES):
        chance = random.Random(seed)
        if seed % 20 == 0:
            world = filled(connection, random_rows(chance, DEALS))
        batch = _expressions(chance, EXPRESSIONS)
        written += len(batch)
        _assert_agreement(connection, world, batch, f"seed {seed}")
    assert written >= 10_000


def _expressions(chance: random.Random, count: int, kinds: Sequence[Kind] = KINDS) -> list[Expression]:
    writer = Writer(chance)
    texts = (writer.write(chance.choice(kinds), chance.randint(1, 4)) for _ in itertools.count())
    return list(itertools.islice(filter(None, map(_checked, texts)), count))


def _checked(text: str) -> Expression | None:
    """The expression, None where it is over a budget."""
    try:
        return check(text, SCHEMA, "deal")
    except TooLarge:
        return None
    except ExpressionError as error:
        raise AssertionError(f"the generator wrote {text}\n{error}") from error


def _assert_agreement(connection: Connection, world: World, batch: list[Expression], origin: str) -> None:
    for expression, deal, python, postgres in _differences(connection, world, batch):
        smaller = _smallest(connection, world, expression, deal)
        pytest.fail(
            f"{origin}: {expression.text}\nPython {python!r}, PostgreSQL {postgres!r}\nsmallest part: {smaller}\nrecord {deal}"
        )


def _differences(
    connection: Connection, world: World, batch: list[Expression]
) -> Iterator[tuple[Expression, Mapping[str, Any], Any, Any]]:
    found = _postgres(connection, batch)
    for index, expression in enumerate(batch):
        run = compile_python(expression)
        for record in world.deals():
            python, postgres = run(record, world.context(record)), found[record["id"]][index + 1]
            if python != postgres or isinstance(python, bool) != isinstance(postgres, bool):
                yield expression, record, python, postgres


def _postgres(connection: Connection, batch: list[Expression]) -> dict[UUID, Any]:
    """A row per deal: its id and the value of every expression, all from one statement."""
    deal = TABLES["deal"].alias("subject")
    columns = [
        compile_sql(expression, deal, SQL).label(f"e{index}") for index, expression in enumerate(batch)
    ]
    try:
        with connection.begin_nested():
            return {row.id: row for row in connection.execute(select(deal.c.id, *columns))}
    except DBAPIError as error:
        if len(batch) > 1:
            for expression in batch:
                _postgres(connection, [expression])
        raise AssertionError(f"{batch[0].text}\n{error.orig}\n{str(error.statement)[:2000]}") from None


def _smallest(connection: Connection, world: World, expression: Expression, deal: Mapping[str, Any]) -> str:
    """The shortest part of `expression` that is an expression by itself and differs for `deal` too."""
    for text in sorted({to_text(node) for node, _ in walk(parse(expression.text))}, key=len):
        try:
            part = check(text, SCHEMA, "deal")
        except ExpressionError:
            continue
        if part.type.kind in KINDS:
            for _, record, python, postgres in _differences(connection, world, [part]):
                if record["id"] == deal["id"]:
                    return f"{text} is {python!r} in Python, {postgres!r} in PostgreSQL"
    return expression.text


def test_a_filter_finds_the_records_for_which_the_expression_is_true(connection: Connection) -> None:
    world = filled(connection, random_rows(random.Random(1), DEALS))
    deal = TABLES["deal"].alias("subject")
    some = _expressions(random.Random(2), 300, (Kind.BOOLEAN,))
    told = [
        check(f"({one.text}) and {fact}", SCHEMA, "deal")
        for one, fact in zip(some, itertools.cycle(FACTS), strict=False)
    ]
    for expression in (*some, *told):
        run = compile_python(expression)
        wanted = {record["id"] for record in world.deals() if run(record, world.context(record))}
        found = set(connection.scalars(select(deal.c.id).where(compile_filter(expression, deal, SQL))))
        assert found == wanted, expression.text
