"""Modules that are loaded with their first use: what stands on large libraries that few processes need."""

from importlib import import_module
from types import ModuleType
from typing import Any


class Late(ModuleType):
    """Stands for the module of its name, which is loaded when something of it is first asked for.

    For type checkers the name is imported as ever, under `TYPE_CHECKING`.
    """

    def __getattr__(self, name: str) -> Any:
        return getattr(import_module(self.__name__), name)
