"""Writes the kept results into `docs/benchmarks.md` and `docs/benchmarks.en.md`, so that no figure is typed by hand."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.measure import REPOSITORY, RESULTS

ORDER = ("write_path", "list_access", "http", "expressions", "importer", "publish", "timers", "ui")
INTRO = {
    "zh": "# 性能基准\n\n每个问题一个文件，放在 `benchmarks/`；基线与产品在同一次运行中轮流测量，取中位数。"
    "下表由 `python -m benchmarks.report` 从 `benchmarks/results/` 生成。[English](benchmarks.en.md)\n",
    "en": "# Benchmarks\n\nOne file per question in `benchmarks/`; baseline and product are measured in turns in the same run, "
    "as medians. `python -m benchmarks.report` writes the tables from `benchmarks/results/`. [中文](benchmarks.md)\n",
}
HEADS = {
    "zh": "| 测量项 | 目标 | 实测 | |\n|---|---|---|---|",
    "en": "| what | target | measured | |\n|---|---|---|---|",
}
FILES = {"zh": "benchmarks.md", "en": "benchmarks.en.md"}
LARGE = 100_000
MACHINE = {"zh": "测于", "en": "Measured on"}


def kept() -> list[Mapping[str, Any]]:
    """All results, in the order of the table in which the targets were set; others behind them."""
    found = [json.loads(path.read_text("utf-8")) for path in sorted(RESULTS.glob("*.json"))]
    return sorted(
        found, key=lambda result: ORDER.index(result["name"]) if result["name"] in ORDER else len(ORDER)
    )


def document(results: Sequence[Mapping[str, Any]], language: str) -> str:
    """The page in one language; questions and methods are in the benchmarks' own words."""
    parts = [INTRO[language]]
    for result in results:
        machine = result["machine"]
        where = f"{machine['cpu']}, {machine['cores']} cores, {machine['memory_gb']} GB, Python {machine['python']}"
        parts += [
            f"## {result['question']}\n",
            f"{result['method']}\n",
            HEADS[language],
            *(row(figure) for figure in result["figures"]),
            f"\n{MACHINE[language]}: {where} · {result['at'][:10]} · `python -m benchmarks.{result['name']}`\n",
        ]
    return "\n".join(parts)


def row(figure: Mapping[str, Any]) -> str:
    """One figure as a row of the table."""
    target = ""
    if figure["at_most"] is not None:
        target = f"≤ {figure['at_most']:,g} {figure['unit']}"
    elif figure["at_least"] is not None:
        target = f"≥ {figure['at_least']:,g} {figure['unit']}"
    verdict = {True: "✓", False: "✗", None: ""}[figure["met"]]
    what = figure["what"].replace("|", "\\|")
    value = f"{figure['value']:,.0f}" if figure["value"] >= LARGE else f"{figure['value']:,g}"
    return f"| {what} | {target} | {value} {figure['unit']} | {verdict} |"


def main() -> None:
    results = kept()
    for language, name in FILES.items():
        (REPOSITORY / "docs" / name).write_text(document(results, language), "utf-8")


if __name__ == "__main__":
    main()
