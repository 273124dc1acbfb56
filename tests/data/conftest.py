"""The real datasets run on the same runtime as the tests of `run`."""

from tests.run.conftest import admin, runtime

__all__ = ["admin", "runtime"]
