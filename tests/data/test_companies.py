"""Company names of a real list: what the comparison calls the same is the same, however a name is written."""

import json
import re
from collections import defaultdict
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from chengdan.kernel.cities import CITIES
from chengdan.kernel.likeness import company_name

LIST = Path(__file__).parents[3] / "shared" / "data" / "companies_cn" / "companies.json"
pytestmark = pytest.mark.skipif(not LIST.is_file(), reason="the real data is not beside the repository")
_LEAST_PRECISION, _LEAST_RECALL = 0.93, 0.99


def companies() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(LIST.read_text("utf-8"))
    return found


def test_names_with_one_key_are_one_company() -> None:
    """By the aliases of the list; pairs of which one has no alias say nothing."""
    aliases: dict[str, set[str]] = defaultdict(set)
    for company in companies():
        if company["alias"] not in ("", "-"):
            aliases[company["name"]].add(company["alias"])
    by_key: dict[str, set[str]] = defaultdict(set)
    for company in companies():
        by_key[company_name(company["name"]).key].add(company["name"])
    pairs = [
        pair
        for names in by_key.values()
        for pair in combinations(sorted(names), 2)
        if all(aliases[one] for one in pair)
    ]
    right = [(one, other) for one, other in pairs if _akin(aliases[one], aliases[other])]
    assert len(pairs) > 40
    assert len(right) / len(pairs) >= _LEAST_PRECISION, sorted(set(pairs) - set(right))


def _akin(one: set[str], other: set[str]) -> bool:
    """Whether an alias of one is the beginning of an alias of the other: 寒武纪, 寒武纪上海."""
    return any(a.startswith(b) or b.startswith(a) for a in one for b in other)


def test_the_ways_in_which_people_write_a_name_have_one_key() -> None:
    tried = missed = 0
    for name in {company["name"] for company in companies()}:
        city = next((name[:length] for length in (4, 3, 2) if name[:length] in CITIES), "")
        if not city or not re.fullmatch(r"[\u4e00-\u9fff]+有限公司", name):
            continue
        bare = name.removeprefix(city).removeprefix("市").removeprefix("省")
        ways = (
            f"{city}市{bare}",
            f"{bare.removesuffix('有限公司')}（{city}）有限公司",
            name.removesuffix("有限公司"),
            f"{bare}({city})",
        )
        tried += len(ways)
        missed += sum(company_name(way).key != company_name(name).key for way in ways)
    assert tried > 1_000
    assert 1 - missed / tried >= _LEAST_RECALL
