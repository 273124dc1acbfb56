"""The guide for administrators lists every command, in both languages."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from chengdan.cli import commands

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guide"


def names(of: typer.Typer, before: str = "chengdan") -> Iterator[str]:
    """Every command as it is typed, groups before their commands."""
    for command in of.registered_commands:
        called = command.name or getattr(command.callback, "__name__", "")
        yield f"{before} {called}"
    for group in of.registered_groups:
        if group.typer_instance is not None:
            yield from names(group.typer_instance, f"{before} {group.name}")


@pytest.mark.parametrize("name", ["admin.md", "admin.en.md"])
def test_every_command_is_listed_once(name: str) -> None:
    listed = re.findall(r"^\| `(chengdan [a-z ]+)`", (GUIDE / name).read_text("utf-8"), re.MULTILINE)

    assert sorted(listed) == sorted(names(commands))
