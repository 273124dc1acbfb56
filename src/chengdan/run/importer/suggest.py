"""Suggestions: which field a column of a file probably goes to."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from chengdan.kernel.access import ObjectAccess
from chengdan.kernel.field import FILE_TYPES, Field
from chengdan.kernel.object import Object
from chengdan.kernel.snapshot import Snapshot
from chengdan.run.importer.cells import as_text, options_by_word
from chengdan.run.tabular import open_table

SAMPLES = 5
SAMPLED_ROWS = 200
_WORDS: tuple[tuple[str, ...], ...] = (
    ("name", "名称", "姓名", "title"),
    ("company", "公司", "公司名称", "account", "客户", "客户名称", "单位", "企业名称"),
    ("phone", "电话", "手机", "手机号", "mobile", "tel", "telephone", "联系电话"),
    ("email", "邮箱", "邮件", "mail", "电子邮箱", "emailaddress"),
    ("owner", "负责人", "销售", "业务员", "salesagent", "rep", "salesperson"),
    ("team", "团队", "部门", "department"),
    ("stage", "阶段", "dealstage", "status", "状态"),
    ("amount", "金额", "closevalue", "value", "合同金额", "dealvalue"),
    ("closedon", "结束日期", "closedate", "成交日期", "关闭日期"),
    ("engagedon", "接洽日期", "engagedate"),
    ("industry", "行业", "sector"),
    ("employees", "员工人数", "人数", "规模", "headcount"),
    ("annualrevenue", "年营收", "revenue", "营业收入"),
    ("address", "地址", "officelocation", "location"),
    ("website", "网站", "网址", "url", "官网"),
    ("externalkey", "外部编号", "opportunityid", "id", "编号"),
    ("product", "产品", "意向产品"),
    ("parent", "上级", "subsidiaryof", "parentaccount", "上级客户"),
    ("description", "备注", "说明", "描述", "notes", "remark"),
)
_SYNONYMS: Mapping[str, int] = {word: index for index, words in enumerate(_WORDS) for word in words}


@dataclass(frozen=True, slots=True)
class ColumnPreview:
    """A column of a file: its name, a few of its values, and the field that it probably goes to."""

    name: str
    samples: tuple[str, ...]
    suggested: str | None


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file to be imported holds."""

    columns: tuple[ColumnPreview, ...]
    rows: int
    sheet: str | None
    sheets: tuple[str, ...]
    encoding: str | None


def preview(
    snapshot: Snapshot, access: ObjectAccess, path: Path, name: str, sheet: str | None = None
) -> Preview:
    """Look into a file before its import. Raises TableUnreadable, and Problems with every ragged row."""
    with open_table(path, name, sheet=sheet) as table:
        rows = table.preview(SAMPLED_ROWS)
        samples = {
            column: _samples(as_text(cells[index]) for _, cells in rows)
            for index, column in enumerate(table.columns)
        }
        suggested = suggest(snapshot, access, table.columns, samples)
        columns = tuple(ColumnPreview(one, samples[one], suggested[one]) for one in table.columns)
        return Preview(columns, table.verify(), table.sheet, table.sheets, table.encoding)


def _samples(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(list(dict.fromkeys(value[:80] for value in values if value))[:SAMPLES])


def suggest(
    snapshot: Snapshot,
    access: ObjectAccess,
    columns: Sequence[str],
    samples: Mapping[str, Sequence[str]] | None = None,
) -> dict[str, str | None]:
    """For each column the field it probably goes to, each field at most once.

    The best fits come first: the api name or a label, the same with blanks and signs left out, a synonym; then a select
    whose options all samples are.
    """
    item = snapshot.objects[access.object]
    found: dict[str, str | None] = dict.fromkeys(columns)
    free = {field.name: field for field in _writable(item, access)}
    for fits in (_is_called, _is_like, _means_the_same):
        for column in columns:
            if found[column] is None:
                field = next((field for field in free.values() if fits(column, field)), None)
                if field is not None:
                    found[column] = field.name
                    del free[field.name]
    for column in columns:
        values = (samples or {}).get(column, ())
        if found[column] is None and values:
            field = next((field for field in free.values() if _holds(field, values)), None)
            if field is not None:
                found[column] = field.name
                del free[field.name]
    return found


def _writable(item: Object, access: ObjectAccess) -> list[Field]:
    closed = access.hidden | access.readonly
    names = [field for field in item.by_name.values() if field.name not in closed]
    return [
        field for field in names if not field.derived and not field.readonly and field.type not in FILE_TYPES
    ]


def _is_called(column: str, field: Field) -> bool:
    return column in (field.name, field.label.zh, field.label.en)


def _is_like(column: str, field: Field) -> bool:
    return plain(column) in {plain(word) for word in (field.name, field.label.zh, field.label.en)}


def _means_the_same(column: str, field: Field) -> bool:
    meaning = _SYNONYMS.get(plain(column))
    return meaning is not None and meaning in {
        _SYNONYMS.get(plain(word)) for word in (field.name, field.label.zh, field.label.en)
    }


def _holds(field: Field, values: Sequence[str]) -> bool:
    words = options_by_word(field) if field.options else {}
    return bool(words) and all(value.casefold() in words for value in values)


def plain(word: str) -> str:
    """A word without case, blanks, signs and what stands in brackets."""
    return re.sub(r"[\W_]+", "", re.sub(r"[(（\[【].*?[)）\]】]", "", word.casefold()))
