"""People: the first administrator, and API tokens."""

from typing import Annotated
from uuid import UUID

import typer

from chengdan.base.errors import ChengdanError
from chengdan.cli.opening import opened
from chengdan.kernel.access import Principal
from chengdan.kernel.snapshot import AUTOMATION
from chengdan.run.action import apply
from chengdan.run.commands import Create
from chengdan.run.passwords import hash_password
from chengdan.run.runtime import Runtime
from chengdan.run.sessions import Doorman, set_password
from chengdan.store import sessions

ADMIN = "admin"
CONSOLE = Principal(UUID(int=0), "console", frozenset({AUTOMATION.name}))
Password = Annotated[
    str,
    typer.Option(prompt=True, confirmation_prompt=True, hide_input=True, help="Asked for when left out."),
]


class NoSuchUser(ChengdanError):
    """No active user has that username."""

    code = "AUTH-009"
    status = 404
    zh = "没有用户“{username}”。"
    en = "There is no user `{username}`."
    hint_zh = "第一位管理员用 chengdan admin create 创建。"
    hint_en = "Make the first administrator with chengdan admin create."


def register(commands: typer.Typer) -> None:
    admin = typer.Typer(help="Administrators.", no_args_is_help=True)
    admin.command()(create)
    admin.command()(password)
    commands.add_typer(admin, name="admin")
    token = typer.Typer(help="API tokens.", no_args_is_help=True)
    token.command(name="create")(create_token)
    token.callback()(lambda: None)
    commands.add_typer(token, name="token")


def create(
    username: Annotated[str, typer.Argument(help="The username to log in with.")],
    password: Password,
    name: Annotated[str, typer.Option(help="The name that colleagues see.")] = "",
) -> None:
    """Make an administrator."""
    hash_password(password)
    values = {"username": username, "name": name or username, "roles": [ADMIN]}
    with opened() as runtime:
        with runtime.unit(CONSOLE, "console") as unit:
            user = apply(unit, Create("user", values))["id"]
        set_password(runtime, user, password)
    typer.echo(f"{username}: {user}")


def password(username: Annotated[str, typer.Argument(help="Whose password.")], password: Password) -> None:
    """Give a user a new password and end the user's sessions."""
    with opened() as runtime:
        set_password(runtime, _user(runtime, username), password)
    typer.echo(username)


def create_token(
    username: Annotated[str, typer.Option("--user", help="Whose rights the token has.")],
    name: Annotated[str, typer.Option(help="What the token is for.")],
    read_only: Annotated[bool, typer.Option(help="A token that may only read.")] = False,
) -> None:
    """Make an API token; it is shown once."""
    with opened() as runtime:
        principal = principal_of(runtime, username)
        scopes = ["read"] if read_only else None
        _, token = Doorman(runtime).create_token(principal, name, scopes)
    typer.echo(token)


def principal_of(runtime: Runtime, username: str) -> Principal:
    """Who a user acts as. Raises NoSuchUser."""
    return Doorman(runtime).principal_of(_user(runtime, username))


def _user(runtime: Runtime, username: str) -> UUID:
    with runtime.pool.connection() as connection:
        found = sessions.password_of(connection, username)
    if found is None:
        raise NoSuchUser(username=username)
    return found[0]
