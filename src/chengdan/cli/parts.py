"""The parts of the command line: what is known of each without loading it."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module

import typer


@dataclass(frozen=True, slots=True)
class Part:
    """A module with commands; `commands` names them, each with the line that the help says of it."""

    module: str
    commands: Mapping[str, str]

    def register(self, commands: typer.Typer) -> None:
        """Load the part and add its commands."""
        import_module(f"chengdan.cli.{self.module}").register(commands)

    def mention(self, commands: typer.Typer) -> None:
        """Add the names of its commands, for the help and for what is mistyped."""
        for name, line in self.commands.items():
            commands.command(name, help=line)(_not_called)


def _not_called() -> None:
    """In the place of a command whose part isn't loaded."""


PARTS = (
    Part(
        "serving",
        {
            "serve": "Serve the page and the API, with timers and jobs. Ctrl-C stops it.",
            "worker": "Fire timers and do jobs, without the web: for more processes, or more hosts, over one database.",
            "demo": "Load the demo company into an empty installation.",
        },
    ),
    Part(
        "data",
        {
            "backup": "Write the whole database and the uploaded files to one archive.",
            "restore": "Put an archive back into an empty installation.",
            "import": "Import several files by one description.",
            "process": "What process analysis reads.",
            "audit": "Prove the trail, and the draws of process audits.",
        },
    ),
    Part("seals", {"seal": "Seals of signed documents."}),
    Part(
        "apps",
        {
            "export": "Write the manifests in force to a folder, to the byte.",
            "validate": "Check the manifests of a folder and list everything that is wrong.",
            "plan": "Show what publishing a folder would change.",
            "publish": "Publish the manifests of a folder; every process takes them up within a second.",
        },
    ),
    Part("people", {"admin": "Administrators.", "token": "API tokens."}),
)
