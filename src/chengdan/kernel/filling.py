"""Filling templates in. Pure: what a form reads of a record in words makes the document, the values themselves its fingerprint."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from chengdan.base.errors import Locale
from chengdan.base.json import dumps_text
from chengdan.base.label import Label
from chengdan.expr import Context, Needs
from chengdan.expr.typed import Given, walk
from chengdan.kernel.field import Field, FieldType
from chengdan.kernel.snapshot import Compiled, Snapshot
from chengdan.kernel.template import CELL, SectionKind, Template
from chengdan.kernel.words import in_words

_REFERENCES = frozenset({FieldType.REFERENCE, FieldType.USER})


def field_at(snapshot: Snapshot, object: str, path: str) -> Field | None:
    """The field that a path of references leads to; None when it leads nowhere or is another expression."""
    *references, last = path.strip().split(".")
    for name in references:
        field = snapshot.objects[object].field(name) if object in snapshot.objects else None
        if field is None or field.type not in _REFERENCES:
            return None
        object = field.object
    return snapshot.objects[object].field(last) if object in snapshot.objects else None


def cell(snapshot: Snapshot, template: Template, text: str) -> Compiled:
    """The expression behind a cell; of a reference, the title of what it refers to. Raises ExpressionError."""
    field = field_at(snapshot, template.object, text)
    if field is not None and field.type in _REFERENCES and field.object in snapshot.objects:
        text = f"{text}.{snapshot.objects[field.object].title}"
    return snapshot.compiled(template.object, text)


def needs_of(snapshot: Snapshot, template: Template) -> Needs:
    """What the form reads around a record."""
    return Needs.joined(cell(snapshot, template, text).needs for text in template.cells)


def fingerprint(snapshot: Snapshot, template: Template, record: Mapping[str, Any], context: Context) -> str:
    """A hash of the values that the form shows of a record; what depends on the moment or the reader is left out."""
    values: dict[str, Any] = {}
    for text in template.cells:
        compiled = cell(snapshot, template, text)
        if not any(isinstance(part, Given) for part in walk(compiled.expression.root)):
            values[text] = json.loads(dumps_text(_plain(compiled.run(record, context))))
    return sha256(json.dumps(values, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]


def _plain(value: Any) -> Any:
    """A value whose text doesn't depend on how it was stored: 1.50 is 1.5."""
    return value.normalize() if hasattr(value, "normalize") else value


@dataclass(frozen=True)
class Filled:
    """A form filled in for one record in one language: what the layout sets, as JSON."""

    title: str
    intro: str | None
    sections: tuple[Mapping[str, Any], ...]
    signature: str | None


def fill_in(
    snapshot: Snapshot, template: Template, record: Mapping[str, Any], context: Context, locale: Locale
) -> Filled:
    """The form for a record."""
    words = {text: _words(snapshot, template, text, record, context, locale) for text in template.cells}

    def said(label: Label | None) -> str | None:
        return CELL.sub(lambda found: words[found[1]], label.text(locale)) if label else None

    def row(path: str) -> tuple[str, str]:
        field = field_at(snapshot, template.object, path)
        return (field.label.text(locale) if field else path, words[path])

    return Filled(
        template.label.text(locale),
        said(template.intro),
        tuple(
            {
                "kind": section.kind,
                "title": section.title.text(locale) if section.title else None,
                "text": said(section.text),
                "rows": [row(path) for path in section.fields]
                if section.kind is SectionKind.FIELDS
                else section.rows,
                "options": [option.text(locale) for option in section.options],
                "columns": [column.text(locale) for column in section.columns],
                "height": section.height,
            }
            for section in template.sections
        ),
        template.signature.text(locale) if template.signature else None,
    )


def _words(
    snapshot: Snapshot,
    template: Template,
    text: str,
    record: Mapping[str, Any],
    context: Context,
    locale: Locale,
) -> str:
    value = cell(snapshot, template, text).run(record, context)
    field = field_at(snapshot, template.object, text)
    currency = record.get(f"{text}_currency") if field and field.type is FieldType.MONEY else None
    return in_words(value, field, locale, context.zone, str(currency or ""))
