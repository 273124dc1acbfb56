"""The command `chengdan`. Errors are one clear line on stderr and exit status 1; wrong usage is 2."""

import os
import sys

import psycopg
import typer

from chengdan.base.config import Config
from chengdan.base.errors import ChengdanError, Locale
from chengdan.cli.parts import PARTS


def app() -> None:
    """Run the command line. Of its parts only the one that is called is loaded; the help needs none."""
    called = "".join(sys.argv[1:2])
    commands = typer.Typer(
        name="chengdan",
        help="成单 Chengdan: a sales operating system on a low-code base.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    for part in PARTS:
        if called in part.commands:
            part.register(commands)
        else:
            part.mention(commands)
    try:
        commands()
    except ChengdanError as error:
        fail(error)
    except psycopg.OperationalError as error:
        typer.echo(f"PostgreSQL: {' '.join(str(error).split())}", err=True)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


def fail(error: ChengdanError) -> None:
    """Say what is wrong, a line for each reason, and exit with status 1."""
    locale = _locale()
    for reason in error.reasons():
        place = f"{reason.path}: " if reason.path else ""
        typer.echo(f"{reason.code} {place}{reason.message(locale)} {reason.hint(locale)}".rstrip(), err=True)
    sys.exit(1)


def _locale() -> Locale:
    """The language of the settings, even of settings that can't be used as a whole."""
    try:
        return "en" if Config.read().locale == "en" else "zh-CN"
    except ChengdanError:
        return "en" if os.environ.get("CHENGDAN_LOCALE") == "en" else "zh-CN"
