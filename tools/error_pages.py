"""Write docs/reference/errors.md and errors.en.md, the lists of every error: `python tools/error_pages.py`.

An error is a subclass of ChengdanError that has a code of its own, wherever in the package it is defined.
"""

import pkgutil
from collections.abc import Iterable, Iterator
from importlib import import_module
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import chengdan
from chengdan.base.errors import ChengdanError, Locale

REFERENCE = Path(__file__).resolve().parent.parent / "docs" / "reference"
NOT_IMPORTED = "chengdan.store.migrations"
"""Alembic runs these; they don't define errors."""

FAMILIES = {
    "ACCESS": ("权限", "Access"),
    "AUDIT": ("过程审计", "Process audits"),
    "AUTH": ("登录与会话", "Log-in and sessions"),
    "BACKUP": ("备份与恢复", "Backup and restore"),
    "CALENDAR": ("工作日历", "Working days"),
    "CHENGDAN": ("通用", "General"),
    "DEF": ("定义文件", "Definitions"),
    "EXPR": ("表达式", "Expressions"),
    "FILE": ("文件", "Files"),
    "FORM": ("表单", "Forms"),
    "GATE": ("关卡", "Gates"),
    "HTTP": ("请求", "Requests"),
    "IMPORT": ("导入", "Imports"),
    "JOB": ("后台任务", "Jobs"),
    "LIMIT": ("数量限制", "Limits"),
    "LINK": ("公开链接", "Public links"),
    "LOAD": ("整批装入", "Loading"),
    "MAIL": ("邮件", "Mail"),
    "OUTLET": ("通知渠道", "Outlets"),
    "METRIC": ("指标", "Metrics"),
    "PROCESS": ("流程分析", "Process analysis"),
    "PUBLISH": ("发布", "Publishing"),
    "QUERY": ("查询", "Queries"),
    "RECORD": ("记录", "Records"),
    "RULE": ("规则", "Rules"),
    "SECRET": ("密钥与密码", "Keys and passwords"),
    "SCORE": ("评分", "Scores"),
    "SCAN": ("扫描件", "Scans"),
    "SEAL": ("封签", "Seals"),
    "SIGN": ("签字", "Signatures"),
    "SETUP": ("安装与设置", "Set-up"),
    "STALE": ("并发修改", "Concurrent changes"),
    "TABLE": ("表格文件", "Tables in files"),
    "VALUE": ("字段值", "Values"),
    "VIEW": ("视图", "Views"),
    "XES": ("事件日志", "Event logs"),
}


class Page(NamedTuple):
    """The fixed words of one page, and how it writes its errors."""

    name: str
    locale: Locale
    opening: str
    columns: str
    case_by_case: str


PAGES = (
    Page(
        "errors.md",
        "zh-CN",
        """# 错误代码

[English](errors.en.md)

代码不会改变含义。HTTP 回答是 `application/problem+json`（RFC 9457）；`errors` 列出每一处原因，各有 `code`、`path`、`message`、`hint`。
花括号处填入当时的数据。本页由 `python tools/error_pages.py` 从代码生成。
""",
        "| 代码 | HTTP | 名称 | 说明 | 出路 |",
        "随情况而定",
    ),
    Page(
        "errors.en.md",
        "en",
        """# Error codes

[中文](errors.md)

A code never changes its meaning. HTTP answers with `application/problem+json` (RFC 9457); `errors` lists every reason, each with
`code`, `path`, `message` and `hint`. Braces hold data of the moment. `python tools/error_pages.py` writes this page from the code.
""",
        "| code | HTTP | name | message | way out |",
        "told case by case",
    ),
)


def errors() -> list[type[ChengdanError]]:
    """Every error class with a code of its own, by code."""
    for module in pkgutil.walk_packages(chengdan.__path__, "chengdan."):
        if not module.name.startswith(NOT_IMPORTED) and not module.name.endswith("__main__"):
            import_module(module.name)
    ours = (found for found in _below(ChengdanError) if found.__module__.startswith("chengdan."))
    return sorted({found for found in ours if "code" in vars(found)}, key=lambda found: found.code)


def _below(parent: type[ChengdanError]) -> Iterator[type[ChengdanError]]:
    yield parent
    for child in parent.__subclasses__():
        yield from _below(child)


def render(page: Page, found: Iterable[type[ChengdanError]]) -> str:
    """The text of one page."""
    parts = [page.opening]
    for family, members in groupby(found, key=lambda error: error.code.partition("-")[0]):
        zh, en = FAMILIES.get(family, (family, family))
        rows = "\n".join(_row(page, error) for error in members)
        parts.append(
            f"## {zh if page.locale == 'zh-CN' else en}\n\n{page.columns}\n|---|---|---|---|---|\n{rows}\n"
        )
    return "\n".join(parts)


def _row(page: Page, error: type[ChengdanError]) -> str:
    zh = page.locale == "zh-CN"
    message, hint = (error.zh, error.hint_zh) if zh else (error.en, error.hint_en)
    cells = (error.code, str(error.status), f"`{error.__name__}`", _cell(page, message), _cell(page, hint))
    return f"| {' | '.join(cells)} |"


def _cell(page: Page, template: str) -> str:
    bare = template.startswith("{") and template.endswith("}") and template.count("{") == 1
    return page.case_by_case if bare else template.replace("|", "\\|").replace("\n", " ")


def main() -> None:
    """Write both pages."""
    found = errors()
    for page in PAGES:
        (REFERENCE / page.name).write_text(render(page, found), "utf-8")


if __name__ == "__main__":
    main()
