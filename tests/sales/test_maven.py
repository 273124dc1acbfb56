"""The mapping of the Maven CRM files fits the sales system, and the real files fit the mapping."""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml

from chengdan.kernel.field import FieldType
from chengdan.kernel.record import read_value
from tests.sales.manifests import snapshot

DATA = Path(__file__).parents[3] / "shared" / "data" / "maven_crm"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="the real data is not beside the repository")

Cells = list[tuple[str, dict[str, Any], str]]


def steps() -> list[dict[str, Any]]:
    text = (files("chengdan.sales") / "maven" / "import.yaml").read_text(encoding="utf-8")
    return list(yaml.safe_load(text)["steps"])


def mapped(step: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for column, targets in step["columns"].items():
        for target in targets if isinstance(targets, list) else [targets]:
            yield column, target


def table(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def cells(step: dict[str, Any], row: dict[str, str]) -> Cells:
    """Each filled cell of a row: its column, its target and its value after the value map."""
    return [
        (column, target, target.get("values", {}).get(row[column], row[column]))
        for column, target in mapped(step)
        if row[column]
    ]


def test_every_step_names_fields_that_exist() -> None:
    for step in steps():
        item = snapshot().objects[step["object"]]
        fields = [target["field"] for _, target in mapped(step)]
        assert step["key"] in fields
        assert len(set(fields)) == len(fields)
        for name in (*fields, *(name.removesuffix("_currency") for name in step.get("compose", {}))):
            assert name in item.by_name, (step["object"], name)


def test_lookups_go_to_an_indexed_field_of_the_referenced_object() -> None:
    for step in steps():
        for _, target in mapped(step):
            field = snapshot().objects[step["object"]].by_name[target["field"]]
            refers = field.type in (FieldType.REFERENCE, FieldType.USER)
            assert ("lookup" in target) is refers, target
            if refers:
                found = snapshot().objects[field.object].by_name[target["lookup"]]
                assert found.unique or found.indexed, target


@needs_data
def test_every_cell_is_a_value_its_field_takes() -> None:
    for step in steps():
        item = snapshot().objects[step["object"]]
        for row in table(step["file"]):
            for _, target, value in cells(step, row):
                if "lookup" not in target:
                    read_value(item.by_name[target["field"]], value)
        for name, text in step.get("compose", {}).items():
            if item.by_name.get(name) and item.by_name[name].options:
                assert text in {option.value for option in item.by_name[name].options}


@needs_data
def test_every_lookup_finds_a_record_of_an_earlier_step() -> None:
    known: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for step in steps():
        item = snapshot().objects[step["object"]]
        for row in table(step["file"]):
            for _, target, value in cells(step, row):
                if "lookup" in target:
                    assert value in known[item.by_name[target["field"]].object, target["lookup"]], (
                        target,
                        value,
                    )
        for row in table(step["file"]):
            for _, target, value in cells(step, row):
                known[step["object"], target["field"]].add(value)
    assert len(known["opportunity", "external_key"]) == 8_800
    assert len(known["account", "name"]) == 85
    assert len(known["user", "username"]) == 41


@needs_data
def test_stages_come_out_as_the_files_say() -> None:
    [step] = [step for step in steps() if step["object"] == "opportunity"]
    stages: Counter[str] = Counter()
    without_account: Counter[str] = Counter()
    amount = 0
    for row in table(step["file"]):
        values = {target["field"]: value for _, target, value in cells(step, row)}
        stages[values["stage"]] += 1
        without_account[values["stage"]] += "account" not in values
        amount += int(values.get("amount", 0))
    assert stages == {"won": 4238, "lost": 2473, "discovery": 1589, "prospecting": 500}
    assert without_account == {"won": 0, "lost": 0, "discovery": 1088, "prospecting": 337}
    assert amount == 10_005_534
