"""Documents come in both languages, and what they point to is there."""

import json
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
NAMES = [str(document.relative_to(ROOT)) for document in DOCUMENTS]
IN_BOTH = [name for name in NAMES if name not in ("CHANGELOG.md", "CONTRIBUTING.md")]
FILES = re.compile(r"`((?:base|expr|kernel|store|run|sales|web|ui|tests|docs|tools)/[\w./-]+\w)`")


def anchor(heading: str) -> str:
    """The name by which a link reaches a heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


@pytest.mark.parametrize("name", IN_BOTH)
def test_every_document_has_a_twin_in_the_other_language(name: str) -> None:
    stem = name.removesuffix(".en.md").removesuffix(".md")

    assert {f"{stem}.md", f"{stem}.en.md"} - set(IN_BOTH) == set()


@pytest.mark.parametrize("name", NAMES)
def test_every_link_leads_somewhere(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    broken = []
    for target in re.findall(r"\]\((?!https?:)([^)\s]+)\)", text):
        path, _, fragment = target.partition("#")
        found = (ROOT / name).parent / path if path else ROOT / name
        if not found.exists():
            broken.append(target)
        elif fragment:
            headings = re.findall(r"^#+ (.*)$", found.read_text("utf-8"), re.MULTILINE)
            if fragment not in map(anchor, headings):
                broken.append(target)

    assert broken == []


@pytest.mark.parametrize("name", ["docs/architecture.md", "docs/architecture.en.md", "CONTRIBUTING.md"])
def test_every_file_that_is_named_is_there(name: str) -> None:
    named = FILES.findall((ROOT / name).read_text("utf-8"))

    absent = [
        file for file in named if not any((base / file).exists() for base in (ROOT, ROOT / "src/chengdan"))
    ]
    assert absent == []


@pytest.mark.parametrize("name", ["docs/architecture.md", "docs/architecture.en.md"])
def test_every_dependency_says_why_it_is_there(name: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    packages = [re.split(r"[^\w-]", requirement)[0] for requirement in project["dependencies"]]
    page = json.loads((ROOT / "ui/package.json").read_text("utf-8"))
    text = (ROOT / name).read_text("utf-8")

    assert [package for package in (*packages, *page["dependencies"]) if f"`{package}`" not in text] == []
