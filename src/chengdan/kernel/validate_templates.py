"""Validation of templates."""

import re
from functools import partial

from chengdan.kernel.fault import Found, contradiction, fault, unknown
from chengdan.kernel.filling import cell, field_at
from chengdan.kernel.snapshot import Snapshot
from chengdan.kernel.template import CELL, Section, Template

MAX_SECTIONS = 40
MAX_CELLS = 100
MAX_ROWS = 30
MAX_COLUMNS = 6
HEIGHTS = range(5, 241)
"""Of lines and boxes, in millimetres: what a page holds."""


def validate_template(snapshot: Snapshot, template: Template) -> Found:
    """Every problem of one template."""
    if snapshot.object(template.object) is None:
        yield unknown(template.place, "对象", "object", template.object, snapshot.objects)
        return
    if len(template.sections) > MAX_SECTIONS or len(template.cells) > MAX_CELLS:
        yield contradiction(
            template.place,
            f"模板超过 {MAX_SECTIONS} 节或 {MAX_CELLS} 个取值",
            f"a template has at most {MAX_SECTIONS} sections and {MAX_CELLS} values",
        )
    for section in template.sections:
        yield from _section(snapshot, template, section)
    for text in template.texts:
        if re.search("[{}]", CELL.sub("", text)):
            yield contradiction(
                template.place, f"“{text}”里的花括号不成对", f"the braces in `{text}` don't pair up"
            )
    paths = {path for section in template.sections for path in section.fields}
    for text in template.cells:
        if text not in paths:
            yield from fault(template.place, partial(cell, snapshot, template, text))


def _section(snapshot: Snapshot, template: Template, section: Section) -> Found:
    for path in section.fields:
        field = field_at(snapshot, template.object, path)
        if field is None or field.expression_type() is None:
            known = snapshot.objects[template.object].by_name
            yield unknown(section.place, "字段", "field", path, known)
    if section.height and section.height not in HEIGHTS:
        yield contradiction(
            section.place,
            f"高度应在 {HEIGHTS[0]} 到 {HEIGHTS[-1]} 毫米之间",
            f"a height is from {HEIGHTS[0]} to {HEIGHTS[-1]} mm",
        )
    if section.columns and not (len(section.columns) <= MAX_COLUMNS and 0 < section.rows <= MAX_ROWS):
        yield contradiction(
            section.place,
            f"表格至多 {MAX_COLUMNS} 列、{MAX_ROWS} 行",
            f"a table has at most {MAX_COLUMNS} columns and {MAX_ROWS} rows",
        )
