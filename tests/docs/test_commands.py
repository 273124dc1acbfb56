"""The guide for administrators lists every command, in both languages."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer.core import TyperGroup
from typer.main import get_command

from chengdan.cli.parts import PARTS

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guide"


def names(of: typer.Typer, before: str = "chengdan") -> Iterator[str]:
    """Every command as it is typed, groups before their commands."""
    for command in of.registered_commands:
        called = command.name or getattr(command.callback, "__name__", "")
        yield f"{before} {called}"
    for group in of.registered_groups:
        if group.typer_instance is not None:
            yield from names(group.typer_instance, f"{before} {group.name}")


def everything() -> typer.Typer:
    """The command line with all of its parts loaded."""
    commands = typer.Typer()
    for part in PARTS:
        part.register(commands)
    return commands


def lines(of: typer.Typer) -> dict[str, str | None]:
    """What the help says of each command and group at the top."""
    group = get_command(of)
    assert isinstance(group, TyperGroup)
    return {name: command.help for name, command in group.commands.items()}


@pytest.mark.parametrize("name", ["admin.md", "admin.en.md"])
def test_every_command_is_listed_once(name: str) -> None:
    listed = re.findall(r"^\| `(chengdan [a-z ]+)`", (GUIDE / name).read_text("utf-8"), re.MULTILINE)

    assert sorted(listed) == sorted(names(everything()))


def test_what_is_known_of_a_part_before_it_is_loaded_is_what_its_commands_say() -> None:
    mentioned = typer.Typer()
    for part in PARTS:
        part.mention(mentioned)

    assert lines(mentioned) == lines(everything())
