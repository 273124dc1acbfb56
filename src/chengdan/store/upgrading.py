"""The Alembic upgrades of the system tables."""

from importlib import resources
from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config as AlembicConfig
from sqlalchemy import create_engine, pool, text

LOCK = 7_061_115


def upgrade(url: str) -> None:
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
