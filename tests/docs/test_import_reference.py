"""The reference of imports names every error that reading tables and storing files can give, in both languages."""

from pathlib import Path

import pytest

from chengdan.base.errors import ChengdanError
from chengdan.run.tabular import errors as table_errors
from chengdan.store.files import errors as file_errors

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference"
CODES = sorted(
    error.code
    for module in (table_errors, file_errors)
    for error in vars(module).values()
    if isinstance(error, type)
    and issubclass(error, ChengdanError)
    and "code" in vars(error)
    and error is not ChengdanError
)


@pytest.mark.parametrize("name", ["import.md", "import.en.md"])
def test_every_code_is_documented_once(name: str) -> None:
    lines = (REFERENCE / name).read_text("utf-8").splitlines()

    documented = [line.split("|")[1].strip() for line in lines if line.startswith(("| TABLE-", "| FILE-"))]

    assert len(CODES) == len(set(CODES)) == 25
    assert sorted(documented) == CODES
