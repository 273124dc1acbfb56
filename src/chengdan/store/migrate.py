"""Bring the system tables of a database to this version of Chengdan."""

from importlib import resources
from pathlib import Path
from typing import Any

import psycopg
from alembic import command
from alembic.config import Config as AlembicConfig
from sqlalchemy import create_engine, pool, text

from chengdan.store import calendar

LOCK = 7_061_115


def migrate(url: str) -> None:
    """Create or upgrade the schema `chengdan`. Serialised between processes by an advisory lock."""
    folder = Path(str(resources.files("chengdan.store") / "migrations"))
    config = AlembicConfig()
    config.set_main_option("script_location", str(folder))
    engine = create_engine(
        "postgresql+psycopg://", creator=lambda: psycopg.connect(url), poolclass=pool.NullPool
    )
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        connection.execute(text("CREATE SCHEMA IF NOT EXISTS chengdan"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


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
