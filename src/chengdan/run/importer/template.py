"""A table to fill in: a header with the fields of an object that an import may bring, the required ones first."""

from pathlib import Path

from chengdan.base.errors import Locale
from chengdan.kernel.field import FieldType
from chengdan.run.holding import object_of, require
from chengdan.run.jobs import locale_of
from chengdan.run.tabular import TableFormat, write_table
from chengdan.store.unit import Unit

_LATER = (FieldType.FILE, FieldType.FILES, FieldType.SIGNATURE, FieldType.PHOTO, FieldType.JSON)
"""Types whose values don't come from cells."""


def write_template(reader: Unit, object: str, path: Path, format: TableFormat) -> str:
    """Write the template to `path`; the name to give it. Raises NotPermitted, NoSuchObject."""
    item, _ = object_of(reader, object)
    require(reader, "import")
    locale = locale_of(reader.principal)
    write_table(path, template_columns(reader, object, locale), [], format=format)
    return f"{item.plural.text(locale)}.{format}"


def template_columns(reader: Unit, object: str, locale: Locale) -> list[str]:
    """The labels of the fields that the principal may write, the required ones first, else in the order of the object."""
    item, access = object_of(reader, object)
    fields = [
        field
        for field in item.fields
        if not (field.derived or field.readonly or field.type in _LATER or field.name in access.readonly)
        and field.type is not FieldType.AUTO_NUMBER
    ]
    owner = item.by_name["owner"]
    named = [
        *sorted(fields, key=lambda field: not field.required),
        *([] if "owner" in access.readonly else [owner]),
    ]
    return list(dict.fromkeys(field.label.text(locale) for field in named))
