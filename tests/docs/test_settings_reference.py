"""The reference of settings names every setting with its default, in both languages."""

from dataclasses import MISSING, Field, fields
from pathlib import Path

import pytest

from chengdan.base.config import FILE_VARIABLE, PREFIX, Config

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference"


def documented(page: str) -> dict[str, str]:
    """Variable → default, from the rows of the page's tables."""
    lines = (REFERENCE / page).read_text("utf-8").splitlines()
    rows = [
        [cell.strip(" `") for cell in line.split("|")] for line in lines if line.startswith("| `CHENGDAN_")
    ]
    return {cells[1]: cells[2] for cells in rows}


def default_of(setting: "Field[object]") -> str:
    if setting.default is MISSING:
        return "data"
    if isinstance(setting.default, bool):
        return str(setting.default).lower()
    return "—" if setting.default is None else str(setting.default)


@pytest.mark.parametrize("reference", ["settings.md", "settings.en.md"])
def test_every_setting_is_documented_with_its_default(reference: str) -> None:
    settings = {PREFIX + setting.name.upper(): default_of(setting) for setting in fields(Config)}

    assert documented(reference) == {**settings, FILE_VARIABLE: "—"}
