"""The thirty lines that the reference prints recompute a draw without Chengdan, and find one that was tampered with."""

import hashlib
import json
import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from random import Random
from uuid import UUID

import pytest

from chengdan.kernel.draw import DrawList, Member, Reviewer, text_hash

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference"
PAGES = ("process-audit.md", "process-audit.en.md")


def program(page: str) -> str:
    found = re.search(r"```python\n# redraw.py\n(.*?)```", (REFERENCE / page).read_text("utf-8"), re.DOTALL)
    assert found is not None
    return found[1]


def exported(number: int) -> dict[str, object]:
    """The export of a draw from a made-up list."""
    random = Random(number)
    members = tuple(
        Member(UUID(int=random.getrandbits(128)), (random.choice("东西南"), random.choice(["demo", "won"])))
        for _ in range(random.randrange(1, 300))
    )
    found = DrawList("process", f"{number}", Fraction(1, 20), members, (Reviewer(UUID(int=1), frozenset()),))
    seed = hashlib.sha256(bytes([number])).hexdigest()
    reviews = {str(id): str(who) for id, who in found.assigned(bytes.fromhex(seed)).items()}
    text = found.text()
    return {"draw": found.name, "seed": seed, "list": text, "list_hash": text_hash(text), "reviews": reviews}


def run(folder: Path, told: dict[str, object]) -> str:
    (folder / "redraw.py").write_text(program(PAGES[0]), "utf-8")
    (folder / "draw.json").write_text(json.dumps(told), "utf-8")
    done = subprocess.run(
        [sys.executable, "-I", "redraw.py", "draw.json"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_both_languages_print_the_same_program() -> None:
    assert program(PAGES[0]) == program(PAGES[1])


@pytest.mark.parametrize("number", range(6))
def test_the_printed_program_draws_the_same(number: int, tmp_path: Path) -> None:
    assert run(tmp_path, exported(number)) == "holds"


def test_the_printed_program_finds_a_file_that_was_swapped(tmp_path: Path) -> None:
    told = exported(7)
    reviews = told["reviews"]
    assert isinstance(reviews, dict)
    reviews.pop(next(iter(reviews)))

    assert run(tmp_path, told) == "does not hold"
