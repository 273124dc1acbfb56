"""Alembic migrations of the system tables; the tables of objects follow the snapshot instead."""
