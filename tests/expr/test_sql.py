"""The shape of the SQL: what PostgreSQL can use an index for, what is bound, what is refused."""

from typing import Any

import pytest
from sqlalchemy import ClauseElement, Column, Connection, MetaData, Select, Table, Uuid, select, text

from chengdan.expr import ExpressionError, Type, check
from chengdan.expr.sql import SqlContext, compile_filter, compile_sql
from chengdan.expr.types import Kind
from tests.expr.postgres import DIALECT, SQL
from tests.expr.sample import ME, NOW, SCHEMA, TABLES, fresh_alias

DEAL = TABLES["deal"]


def written(element: ClauseElement) -> str:
    return " ".join(str(element.compile(dialect=DIALECT)).split())


def filter_of(expression: str) -> str:
    statement = select(DEAL.c.id).where(compile_filter(check(expression, SCHEMA, "deal"), DEAL, SQL))
    return written(statement).partition("FROM deal WHERE ")[2]


@pytest.mark.parametrize(
    ("expression", "condition"),
    [
        ("stage == 'won'", "(deal.stage = %(param_1)s::VARCHAR)"),
        ("owner == me", "(deal.owner = %(param_1)s::UUID)"),
        ("account == null", "(deal.account IS NULL)"),
        ("account != null", "(deal.account IS NOT NULL)"),
        ("amount > 10万", "(deal.amount > %(param_1)s)"),
        ("seats > 5", "(deal.seats > %(param_1)s::BIGINT)"),
        ("5 > seats", "(%(param_1)s::BIGINT > deal.seats)"),
        ("seats > 5.5", "(CAST(deal.seats AS numeric) > %(param_1)s)"),
        ("now() - sent_at > 48h", "(deal.sent_at < %(param_1)s::TIMESTAMP WITH TIME ZONE)"),
        ("72h <= now() - sent_at", "(deal.sent_at <= %(param_1)s::TIMESTAMP WITH TIME ZONE)"),
        ("sent_at - now() > -48h", "(deal.sent_at > %(param_1)s::TIMESTAMP WITH TIME ZONE)"),
        ("close_on < today() + 7d", "(deal.close_on < %(param_1)s::DATE)"),
        ("'vip' in tags", "(deal.tags @> ARRAY[CAST(%(param_1)s::VARCHAR AS text)])"),
        (
            "stage in ['won', 'lost'] and active",
            "((deal.stage = ANY(ARRAY[%(param_1)s::VARCHAR, %(param_2)s::VARCHAR])) AND deal.active)",
        ),
        ("not (amount > 1)", "(NOT ((deal.amount > %(param_1)s) IS TRUE))"),
        ("not (stage in ['won', 'lost']) and stage == 'won'", "%(param_1)s"),
        ("stage != 'lost' and 'lead' == stage", "(%(param_1)s::VARCHAR = deal.stage)"),
        (
            "stage == 'won' and stage == 'lost'",
            "((deal.stage = %(param_1)s::VARCHAR) AND (deal.stage = %(param_2)s::VARCHAR))",
        ),
        (
            "(active or stage == 'won') and stage == 'lead'",
            "((deal.active OR %(param_1)s) AND (deal.stage = %(param_2)s::VARCHAR))",
        ),
    ],
)
def test_a_filter_leaves_the_column_bare(expression: str, condition: str) -> None:
    assert filter_of(expression) == condition


def test_a_filter_through_a_reference_is_a_semi_join() -> None:
    assert filter_of("account.score > 5") == (
        "EXISTS (SELECT 1 AS anon_1 FROM account AS account_1"
        " WHERE account_1.id = deal.account AND (account_1.score > %(param_1)s))"
    )
    assert filter_of("account.owner.name in ['a']") == (
        'EXISTS (SELECT 1 AS anon_1 FROM "user" AS user_1 WHERE user_1.id = (SELECT account_1.owner'
        " FROM account AS account_1 WHERE account_1.id = deal.account)"
        " AND (user_1.name = ANY(ARRAY[%(param_1)s::VARCHAR])))"
    )


def test_the_exact_form_never_answers_null() -> None:
    expression = check("stage == 'won' and amount > 1 and active", SCHEMA, "deal")
    assert written(compile_sql(expression, DEAL, SQL)) == (
        "((deal.stage IS NOT DISTINCT FROM %(param_1)s::VARCHAR) AND ((deal.amount > %(param_2)s) IS TRUE)"
        " AND (deal.active IS TRUE))"
    )


def test_without_a_viewer_records_without_an_owner_are_the_systems() -> None:
    condition = compile_filter(check("owner == me", SCHEMA, "deal"), DEAL, SqlContext(NOW, None, fresh_alias))
    assert written(condition) == "(deal.owner IS NOT DISTINCT FROM CAST(NULL AS uuid))"


def test_values_are_bound_never_written() -> None:
    nasty = "'; DROP TABLE deal; -- %(x)s {0} :y"
    expression = check(f'name == "{nasty}" or name.like("{nasty}*")', SCHEMA, "deal")
    compiled = compile_filter(expression, DEAL, SQL).compile(dialect=DIALECT)
    assert "DROP" not in str(compiled)
    assert nasty in compiled.params.values()


def test_hostile_values_are_found_as_they_are(connection: Connection) -> None:
    nasty = "'; DROP TABLE deal; -- %(x)s {0} :y"
    value = compile_sql(check(f'"{nasty}" + name', SCHEMA, "deal"), DEAL, SQL)
    connection.execute(DEAL.delete())
    connection.execute(DEAL.insert().values(id=ME, created_at=NOW, name="!"))
    assert connection.execute(select(value)).scalar_one() == nasty + "!"


def test_statements_of_one_shape_share_a_cache_entry_and_others_do_not() -> None:
    def key(expression: str) -> Any:
        return select(compile_sql(check(expression, SCHEMA, "deal"), DEAL, SQL))._generate_cache_key()

    assert key("amount + 1") == key("amount + 2")
    assert key("amount + 1") != key("amount - 1")
    assert key("floor(amount)") != key("ceil(amount)")
    assert key("text(sent_at)") != key("text(close_on)")


def test_an_adapted_statement_speaks_about_the_alias() -> None:
    statement: Select[Any] = select(DEAL.c.id).where(
        compile_filter(check("len(name) > 1", SCHEMA, "deal"), DEAL, SQL)
    )
    again = select(statement.subquery("inner_deals").c.id)
    assert " ".join(str(again.compile(dialect=DIALECT)).split()) == (
        "SELECT inner_deals.id FROM (SELECT deal.id AS id FROM deal"
        " WHERE (CAST(char_length(deal.name) AS numeric) > %(param_1)s)) AS inner_deals"
    )


def test_an_index_is_used_for_a_text_and_a_time(connection: Connection) -> None:
    connection.execute(text("CREATE INDEX ON deal (stage)"))
    connection.execute(text("CREATE INDEX ON deal (sent_at)"))
    connection.execute(text("SET LOCAL enable_seqscan = off"))
    for expression in ("stage == 'won'", "now() - sent_at > 48h"):
        condition = compile_filter(check(expression, SCHEMA, "deal"), DEAL, SQL)
        query = select(DEAL.c.id).where(condition).compile(dialect=connection.dialect)
        plan = connection.exec_driver_sql(f"EXPLAIN {query}", query.params).scalars().all()
        assert any("Index" in line for line in plan), plan


@pytest.mark.parametrize(
    ("expression", "problem"),
    [
        ("old.amount > 1", "EXPR-013 old cannot be used in a filter or query."),
        ("discount > 1", "EXPR-013 discount cannot be used in a filter or query."),
    ],
)
def test_what_only_exists_in_memory_is_refused(expression: str, problem: str) -> None:
    checked = check(expression, SCHEMA, "deal", allow_old=True, extra={"discount": Type(Kind.NUMBER)})
    with pytest.raises(ExpressionError) as raised:
        compile_sql(checked, DEAL, SQL)
    assert str(raised.value) == problem


def test_a_column_that_is_not_there_is_refused() -> None:
    bare = Table("deal", MetaData(), Column("id", Uuid))
    with pytest.raises(ExpressionError):
        compile_sql(check("amount", SCHEMA, "deal"), bare, SQL)
