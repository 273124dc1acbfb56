"""Expressions as PostgreSQL, the only part of the language that knows SQLAlchemy."""

from chengdan.expr.sql.writer import SqlContext, compile_filter, compile_sql

__all__ = ["SqlContext", "compile_filter", "compile_sql"]
