"""The operating-system account that the embedded database runs under: PostgreSQL refuses to run as root.

An ordinary user's server runs as that user. Root's server runs as the system account `chengdan`, made on the
first start; where it can't be made (no `useradd`), as `nobody`.
"""

import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

NAME = "chengdan"


class Identity(TypedDict, total=False):
    """The arguments of `subprocess.Popen` that give a child its account; empty for one's own."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True, slots=True)
class Account:
    """An account by its numbers; `None` in its place means: as this process."""

    user: int
    group: int

    def own(self, path: Path) -> None:
        """Give `path` to this account."""
        os.chown(path, self.user, self.group)

    def reach(self, path: Path) -> None:
        """Let this account pass through (not read) the folders above `path`."""
        for folder in path.parents:
            mode = folder.stat().st_mode
            if not mode & stat.S_IXOTH:
                folder.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)


def server_account(data_folder: Path) -> Account | None:
    """The account for the server of `data_folder`: that of its owner, else of `chengdan`; `None` unless root."""
    if os.geteuid() != 0:
        return None
    if data_folder.exists() and (owner := data_folder.stat()).st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    entry = _entry(NAME) or _created() or _entry("nobody")
    if entry is None:
        raise LookupError("neither the account chengdan nor nobody exists")
    return Account(entry.pw_uid, entry.pw_gid)


def identity(account: Account | None) -> Identity:
    """How `subprocess` starts a child under `account`."""
    if account is None:
        return {}
    return {"user": account.user, "group": account.group, "extra_groups": []}


def _entry(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _created() -> pwd.struct_passwd | None:
    command = shutil.which("useradd")
    if command is None:
        return None
    arguments = ["--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", NAME]
    subprocess.run([command, *arguments], capture_output=True, check=False)
    return _entry(NAME)
