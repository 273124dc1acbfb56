"""Bring the system tables of a database to this version of Chengdan."""

from importlib import resources
from typing import TYPE_CHECKING, Any

import psycopg

from chengdan.base.late import Late
from chengdan.store import calendar

if TYPE_CHECKING:
    from chengdan.store import upgrading
else:
    upgrading = Late("chengdan.store.upgrading")


def migrate(url: str) -> None:
    """Create or upgrade the schema `chengdan`; where it is of this version, nothing is loaded or done."""
    with psycopg.connect(url, autocommit=True) as connection:
        newest = _revision(connection) == _newest()
    if not newest:
        upgrading.upgrade(url)


def _newest() -> str:
    """The last revision there is; the names of their modules begin with their numbers."""
    versions = resources.files("chengdan.store") / "migrations" / "versions"
    return max(file.name for file in versions.iterdir() if file.name[0].isdigit()).partition("_")[0]


def _revision(connection: psycopg.Connection[tuple[Any, ...]]) -> str | None:
    """The revision of the system tables; None before there are any."""
    there = connection.execute("SELECT to_regclass('chengdan.alembic_version')").fetchone()
    if there is None or there[0] is None:
        return None
    found = connection.execute("SELECT version_num FROM chengdan.alembic_version").fetchone()
    return found[0] if found else None


def seed_calendar(connection: psycopg.Connection[tuple[Any, ...]], first: int, last: int) -> None:
    """Fill in the official working days that the calendar does not know yet; edited days stay."""
    full = {year for (year,) in connection.execute(_FULL_YEARS)}
    rows = [
        (day.day, day.working, day.name.zh if day.name else "")
        for year in range(first, last + 1)
        if year not in full
        for day in calendar.seed_rows(year, year)
    ]
    with connection.cursor() as cursor:
        cursor.executemany(_SEED, rows)


_FULL_YEARS = """
SELECT year FROM (SELECT extract(year FROM day)::int AS year, count(*) AS days FROM chengdan.calendar GROUP BY 1) known
WHERE days = extract(doy FROM make_date(year, 12, 31))
"""
_SEED = "INSERT INTO chengdan.calendar (day, working, name) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING"
