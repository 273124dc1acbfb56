"""Bring the system tables of a database to this version of Chengdan."""

from importlib import resources
from pathlib import Path

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


def seed_calendar(connection: psycopg.Connection[tuple[object, ...]], first: int, last: int) -> None:
    """Fill in the official working days that the calendar does not know yet; edited days stay."""
    rows = [
        (day.day, day.working, day.name.zh if day.name else "") for day in calendar.seed_rows(first, last)
    ]
    with connection.cursor() as cursor:
        cursor.executemany(_SEED, rows)


_SEED = "INSERT INTO chengdan.calendar (day, working, name) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING"
