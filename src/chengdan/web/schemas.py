"""Fields as JSON schemas, as records are read and as they are entered."""

from collections.abc import Iterable, Mapping
from typing import Any

from chengdan.kernel.field import FILE_TYPES, NUMERIC, TEXTUAL, Field, FieldType, currency_column

Json = dict[str, Any]
_ID: Json = {"type": "string", "format": "uuid"}
_TEXT: Json = {"type": "string"}
_LABELLED: Json = {
    "type": "object",
    "required": ["id", "label"],
    "properties": {"id": _ID, "label": {"type": ["string", "null"]}},
}
_FORMS: Mapping[FieldType, Json] = {
    FieldType.BOOLEAN: {"type": ["boolean", "null"]},
    FieldType.DATE: {"type": ["string", "null"], "format": "date"},
    FieldType.DATETIME: {"type": ["string", "null"], "format": "date-time"},
    FieldType.DURATION: {"type": ["number", "null"], "description": "Seconds"},
    FieldType.INTEGER: {"type": ["integer", "null"]},
    FieldType.LOCATION: {
        "type": ["object", "null"],
        "properties": {"lat": {"type": "number"}, "lng": {"type": "number"}, "address": _TEXT},
    },
    FieldType.JSON: {},
}
PROBLEM: Json = {
    "type": "object",
    "required": ["type", "title", "status", "code", "detail", "errors"],
    "properties": {
        "type": _TEXT,
        "title": _TEXT,
        "status": {"type": "integer"},
        "code": _TEXT,
        "detail": _TEXT,
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["code", "path", "message", "hint"],
                "properties": {"code": _TEXT, "path": _TEXT, "message": _TEXT, "hint": _TEXT},
            },
        },
    },
}


def properties(fields: Iterable[Field], *, reading: bool) -> Json:
    """The properties of records that these fields make; an amount brings its currency, as far as it has one of its own."""
    found: Json = {}
    for field in fields:
        schema = _read(field) if reading else _form(field)
        found[field.name] = {**schema, "title": field.label.en, "description": field.label.zh}
        worked_out = reading and field.type is FieldType.FORMULA and field.stored_type is FieldType.MONEY
        if field.type is FieldType.MONEY or worked_out:
            found[currency_column(field.name)] = {"type": ["string", "null"], "pattern": "^[A-Z]{3}$"}
    return found


def _read(field: Field) -> Json:
    """What is read may be older than today's limits; a reference is expanded where that was asked for."""
    if field.type in (FieldType.REFERENCE, FieldType.USER):
        return {"anyOf": [_ID, _LABELLED, {"type": "null"}]}
    if field.stored_type in (FieldType.SELECT, FieldType.MULTI_SELECT):
        return {"type": ["string", "null"] if field.stored_type is FieldType.SELECT else ["array", "null"]}
    return {name: value for name, value in _form(field).items() if name != "maxLength"}


def _form(field: Field) -> Json:
    type = field.stored_type
    if type in NUMERIC and type is not FieldType.INTEGER:
        return {"type": ["number", "null"]}
    if type in TEXTUAL:
        return {"type": ["string", "null"], **({"maxLength": field.max_length} if field.max_length else {})}
    if type is FieldType.SELECT:
        return {"enum": [*(option.value for option in field.options), None]}
    if type in (FieldType.REFERENCE, FieldType.USER):
        return {"type": ["string", "null"], "format": "uuid"}
    if type in FILE_TYPES or type is FieldType.REFERENCES:
        return {"type": ["array", "null"], "items": _ID}
    if type is FieldType.MULTI_SELECT:
        return {"type": ["array", "null"], "items": {"enum": [option.value for option in field.options]}}
    return dict(_FORMS.get(type, {}))
