"""The command line: one clear line on stderr when something is wrong, and status 1."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, Protocol

import pytest

from chengdan.cli import app
from tests.databases import Databases

PASSWORD = "a-long-enough-one"


@pytest.fixture
def installed(databases: Databases, sales_template: str) -> Iterator[str]:
    """The URL of a database with the sales system published and nobody in it."""
    with databases.fresh(sales_template) as url:
        yield url


@pytest.fixture
def company(
    databases: Databases, company_database: str, shared: Path, tmp_path: Path
) -> Iterator[tuple[str, Path]]:
    """A small demo company: the URL of its database, and a home with its files."""
    home = tmp_path / "company"
    shutil.copytree(shared / "company", home)
    with databases.fresh(company_database) as url:
        yield url, home


class Outcome(NamedTuple):
    returncode: int
    stdout: str
    stderr: str


class Run(Protocol):
    """Runs the command as its console script does, with only these settings."""

    def __call__(
        self, *arguments: str, url: str = "", home: Path | None = None, **environment: str
    ) -> Outcome: ...


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    for name in [name for name in os.environ if name.startswith("CHENGDAN_")]:
        monkeypatch.delenv(name)

    def run(*arguments: str, url: str = "", home: Path | None = None, **environment: str) -> Outcome:
        settings = {"CHENGDAN_DATABASE_URL": url, "CHENGDAN_HOME": str(home or "/nowhere"), **environment}
        with monkeypatch.context() as patch:
            patch.setattr(sys, "argv", ["chengdan", *arguments])
            for name, value in settings.items():
                if value:
                    patch.setenv(name, value)
            with pytest.raises(SystemExit) as ended:
                app()
        said = capfd.readouterr()
        return Outcome(int(ended.value.code or 0), said.out, said.err)

    return run


def test_a_first_administrator_and_a_token(run: Run, installed: str, tmp_path: Path) -> None:
    made = run(
        "admin", "create", "boss", "--password", PASSWORD, "--name", "老板", url=installed, home=tmp_path
    )
    token = run("token", "create", "--user", "boss", "--name", "ci", url=installed, home=tmp_path)
    again = run("admin", "create", "boss", "--password", PASSWORD, url=installed, home=tmp_path)

    assert (made.returncode, made.stderr) == (0, "")
    assert token.stdout.startswith("cdt_")
    assert (again.returncode, again.stderr.count("\n")) == (1, 1)
    assert again.stderr.startswith("VALUE-006 username: ")


def test_definitions_go_out_and_in_to_the_byte(run: Run, installed: str, tmp_path: Path) -> None:
    out, again = tmp_path / "out", tmp_path / "again"
    assert run("export", str(out), url=installed, home=tmp_path).returncode == 0
    planned = run("plan", str(out), url=installed, home=tmp_path)
    published = run("publish", str(out), url=installed, home=tmp_path)
    run("export", str(again), url=installed, home=tmp_path)

    assert (planned.stdout, published.stdout) == ("", f"{out}: version 2\n")
    assert content(again) == content(out)
    assert (out / "objects" / "opportunity.yaml").is_file()


def content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.yaml")}


def test_every_fault_of_a_folder_is_a_line_with_its_place(run: Run, tmp_path: Path) -> None:
    (tmp_path / "objects").mkdir()
    (tmp_path / "objects" / "x.yaml").write_text(
        "object: x\nlabel: {zh: 甲, en: X}\nplural: {zh: 甲, en: X}\ntitle: nme\nfeilds: []\n"
    )
    checked = run("validate", str(tmp_path), CHENGDAN_LOCALE="en")

    lines = checked.stderr.splitlines()
    assert (checked.returncode, checked.stdout) == (1, "")
    assert all(line.startswith("DEF-") for line in lines)
    assert any("objects/x.yaml:5" in line for line in lines)


def test_the_trail_is_proved(run: Run, company: tuple[str, Path]) -> None:
    url, home = company
    found = run("audit", "verify", url=url, home=home)

    assert (found.returncode, found.stderr) == (0, "")


def test_the_demo_company_goes_into_an_empty_installation_only(
    run: Run, installed: str, tmp_path: Path
) -> None:
    first = run("demo", "--scale", "0.01", url=installed, home=tmp_path)
    second = run("demo", "--scale", "0.01", url=installed, home=tmp_path)

    assert first.returncode == 0
    assert "opportunity: 20" in first.stdout
    assert (second.returncode, second.stderr.partition(" ")[0]) == (1, "LOAD-001")


@pytest.mark.parametrize(
    ("arguments", "environment", "start"),
    [
        (["serve"], {"CHENGDAN_PORT": "0"}, "SETUP-001 CHENGDAN_PORT: "),
        (["serve"], {"CHENGDAN_PROT": "80"}, "SETUP-002 CHENGDAN_PROT: "),
        (["serve"], {"CHENGDAN_HOST": "203.0.113.1"}, "SETUP-001 CHENGDAN_HOST: "),
        (["worker"], {"CHENGDAN_DATABASE_URL": "postgresql://127.0.0.1:1/none"}, "SETUP-005 "),
        (
            ["token", "create", "--user", "nobody", "--name", "x"],
            {"CHENGDAN_DATABASE_URL": "postgresql://127.0.0.1:1/n"},
            "SETUP-005 ",
        ),
    ],
)
def test_a_wrong_set_up_is_one_clear_line(
    run: Run, tmp_path: Path, arguments: list[str], environment: dict[str, str], start: str
) -> None:
    found = run(*arguments, home=tmp_path, **environment)

    assert (found.returncode, found.stdout, found.stderr.count("\n")) == (1, "", 1)
    assert found.stderr.startswith(start)


def test_wrong_usage_is_status_two(run: Run) -> None:
    assert run("serve", "--nonsense").returncode == 2
    assert run("nonsense").returncode == 2


def test_a_user_that_is_not_there_is_told(run: Run, installed: str, tmp_path: Path) -> None:
    found = run(
        "token",
        "create",
        "--user",
        "nobody",
        "--name",
        "x",
        url=installed,
        home=tmp_path,
        CHENGDAN_LOCALE="en",
    )

    assert found.stderr == (
        "AUTH-009 There is no user `nobody`. Make the first administrator with chengdan admin create.\n"
    )


def test_a_backup_is_restored_into_an_empty_installation(
    run: Run, company: tuple[str, Path], tmp_path: Path
) -> None:
    url, home = company
    written = run("backup", str(tmp_path / "b.tar"), url=url, home=home)
    refused = run("restore", str(tmp_path / "b.tar"), url=url, home=tmp_path / "c")

    assert (written.returncode, (tmp_path / "b.tar").is_file()) == (0, True)
    assert (refused.returncode, refused.stderr.partition(" ")[0]) == (1, "BACKUP-006")


def test_the_help_loads_no_part_of_the_program() -> None:
    script = (
        "import sys; from chengdan.cli import app\ntry: app()\nfinally: print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, "--help"], capture_output=True, text=True, check=True
    )

    assert "serve" in done.stdout
    loaded = {name.split(".")[1] for name in done.stderr.split() if name.startswith("chengdan.")}
    assert loaded == {"base", "cli"}
