from typing import Any

import pytest

from chengdan.base.errors import ChengdanError
from chengdan.kernel.access import Principal
from chengdan.run.importer.plan import ImportPlan, Target, check_plan, read_plan
from tests.sales.manifests import snapshot

ADMIN = Principal(user=None, name="admin", roles=frozenset({"admin"}))  # type: ignore[arg-type]
COLUMNS = ("编号", "名称", "客户", "阶段")


def refused(object: str, raw: Any, key: str = "") -> list[tuple[str, str]]:
    """(path, code) of everything wrong with a mapping for a file with COLUMNS."""
    with pytest.raises(ChengdanError) as found:
        plan = read_plan(object, raw, key)
        check_plan(plan, snapshot(), snapshot().access(ADMIN, object), COLUMNS)
    return [(error.path, error.code) for error in found.value.reasons()]


def test_a_column_goes_to_a_field_or_nowhere() -> None:
    assert read_plan("account", {"名称": "name", "阶段": None}, "name") == ImportPlan(
        "account", {"名称": (Target("name", {}),)}, "name", {}
    )


def test_a_plan_comes_back_from_json() -> None:
    plan = read_plan(
        "opportunity",
        {
            "columns": {"客户": [{"field": "account", "lookup": "number"}, "name"], "阶段": {"field": "stage", "values": {"x": "won"}}},
            "key": "external_key",
            "compose": {"next_step": "{客户}"},
            "dates": "dmy",
            "clear_empty": True,
        },
    )  # fmt: skip
    assert read_plan("opportunity", plan.as_json()) == plan


def test_every_misfit_is_told_at_once() -> None:
    raw = {
        "columns": {"名称": "nam", "缺列": "name", "客户": {"field": "account", "lookup": "nope"}, "阶段": {"field": "stage", "lookup": "name"}},
        "key": "external_key",
        "compose": {"description": "{没有}"},
    }  # fmt: skip
    assert refused("opportunity", raw) == [
        ("名称", "IMPORT-001"),
        ("缺列", "IMPORT-002"),
        ("客户", "IMPORT-001"),
        ("阶段", "IMPORT-001"),
        ("compose.description", "IMPORT-002"),
        ("key", "IMPORT-001"),
    ]


@pytest.mark.parametrize(
    ("raw", "path"),
    [
        ([], "mapping"),
        ({"columns": {"名称": 5}}, "名称"),
        ({"columns": {"名称": {"field": "name", "valeus": {}}}}, "名称"),
        ({"columns": {"名称": "name"}, "kye": "x"}, "kye"),
        ({"columns": {"名称": "name"}, "dates": "ymd"}, "dates"),
        ({"columns": {"名称": "name"}, "clear_empty": "yes"}, "clear_empty"),
        ({"columns": {"名称": "name"}, "compose": {"description": "{名称"}}, "compose"),
    ],
)
def test_what_cannot_be_understood_is_told_with_its_place(raw: Any, path: str) -> None:
    assert refused("account", raw) == [(path, "IMPORT-001")]


def test_a_mapping_of_nothing_is_refused() -> None:
    assert refused("account", {"名称": None}) == [("mapping", "IMPORT-003")]


def test_two_columns_cannot_go_to_one_field() -> None:
    assert refused("account", {"名称": "name", "客户": "name"}) == [("客户", "IMPORT-001")]
