"""Several questions in one statement, so that what they have in common is worked out once."""

from typing import Any

from sqlalchemy import Select, func, select


def together(*statements: Select[Any]) -> Select[Any]:
    """One row with the answers: each a JSON list of rows, null where there is none. Shared CTEs are walked once."""
    answers = []
    for number, statement in enumerate(statements):
        rows = statement.subquery(f"q{number}")
        row = func.json_build_array(*rows.c)
        answers.append(select(func.json_agg(row)).select_from(rows).scalar_subquery())
    return select(*answers)
