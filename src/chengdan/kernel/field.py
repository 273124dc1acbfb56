"""Fields: the columns of an object, and the registry of their types."""

from dataclasses import dataclass
from dataclasses import field as attribute
from enum import StrEnum

from chengdan.base.label import Label
from chengdan.expr import Kind, Type
from chengdan.kernel.place import NOWHERE, Place
from chengdan.kernel.reading import Mapped


class FieldType(StrEnum):
    """Every type a field may have. The value decides its column, its input form and its type in expressions."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    MONEY = "money"
    PERCENT = "percent"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"
    DURATION = "duration"
    SELECT = "select"
    MULTI_SELECT = "multi_select"
    REFERENCE = "reference"
    REFERENCES = "references"
    USER = "user"
    FILE = "file"
    FILES = "files"
    SIGNATURE = "signature"
    PHOTO = "photo"
    LOCATION = "location"
    PHONE = "phone"
    EMAIL = "email"
    URL = "url"
    AUTO_NUMBER = "auto_number"
    FORMULA = "formula"
    ROLLUP = "rollup"
    JSON = "json"


NUMERIC = frozenset({FieldType.INTEGER, FieldType.DECIMAL, FieldType.MONEY, FieldType.PERCENT})
FILE_TYPES = frozenset({FieldType.FILE, FieldType.FILES, FieldType.SIGNATURE, FieldType.PHOTO})
TEXTUAL = frozenset(
    {
        FieldType.TEXT,
        FieldType.LONG_TEXT,
        FieldType.PHONE,
        FieldType.EMAIL,
        FieldType.URL,
        FieldType.AUTO_NUMBER,
    }
)
LISTED = frozenset({FieldType.MULTI_SELECT, FieldType.REFERENCES}) | FILE_TYPES
DERIVED = frozenset({FieldType.FORMULA, FieldType.ROLLUP, FieldType.AUTO_NUMBER})
SORTABLE = (
    NUMERIC
    | TEXTUAL
    | {
        FieldType.BOOLEAN,
        FieldType.DATE,
        FieldType.DATETIME,
        FieldType.DURATION,
        FieldType.SELECT,
        FieldType.REFERENCE,
        FieldType.USER,
        FieldType.ROLLUP,
    }
)

_KINDS = {
    **dict.fromkeys(TEXTUAL, Kind.TEXT),
    **dict.fromkeys(NUMERIC, Kind.NUMBER),
    **dict.fromkeys(LISTED, Kind.TEXTS),
    FieldType.BOOLEAN: Kind.BOOLEAN,
    FieldType.DATE: Kind.DATE,
    FieldType.DATETIME: Kind.DATETIME,
    FieldType.DURATION: Kind.DURATION,
    FieldType.SELECT: Kind.TEXT,
    FieldType.REFERENCE: Kind.RECORD,
    FieldType.USER: Kind.RECORD,
}


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a select field."""

    value: str
    label: Label
    color: str = ""


@dataclass(frozen=True, slots=True)
class Inverse:
    """The name under which the referenced object sees the records that point to it."""

    name: str
    label: Label


@dataclass(frozen=True, slots=True)
class Rollup:
    """A figure over the children found through the inverse `of`: count, sum, min, max or latest of `field` where `where`."""

    of: str
    function: str
    field: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an object. Attributes that a type does not use keep their defaults."""

    name: str
    type: FieldType
    label: Label
    help: Label | None = None
    section: str = ""
    required: bool = False
    unique: bool = False
    indexed: bool = False
    readonly: bool = False
    system: bool = False
    default: str = ""
    locked_when: str = ""
    visible_when: str = ""
    max_length: int = 0
    digits: int = 2
    grouped: bool = True
    summed: bool = True
    minimum: str = ""
    maximum: str = ""
    currency: str = "CNY"
    options: tuple[Option, ...] = ()
    object: str = ""
    inverse: Inverse | None = None
    formula: str = ""
    rollup: Rollup | None = None
    pattern: str = ""
    result: FieldType | None = None
    place: Place = attribute(default=NOWHERE, compare=False, repr=False)

    @property
    def stored_type(self) -> FieldType:
        """The type of the value: the result type for a formula or rollup, else the field's own type."""
        return self.result if self.result is not None else self.type

    @property
    def derived(self) -> bool:
        """True when nobody may write it: the system works it out."""
        return self.type in DERIVED

    @property
    def assignable(self) -> bool:
        """True for the two of the system's own fields that people may set: owner and team."""
        return self.system and not self.readonly

    def expression_type(self) -> Type | None:
        """The field's type in expressions; None for types that expressions do not see (json, location)."""
        kind = _KINDS.get(self.stored_type)
        if kind is None:
            return None
        if kind is Kind.RECORD:
            return Type(kind, object=self.object)
        options = frozenset(option.value for option in self.options) if self.options else None
        return Type(kind, options=options if kind in (Kind.TEXT, Kind.TEXTS) else None)


def is_territory(field: Field) -> bool:
    """Whether the field says in which territory a record lies."""
    return field.type is FieldType.REFERENCE and field.object == "territory"


def currency_column(name: str) -> str:
    """The column that holds the currency of the money field `name`."""
    return f"{name}_currency"


def read_field(m: Mapped) -> Field:
    """One field of an object."""
    inverse, rollup = m.one("inverse"), m.one("rollup")
    kind = m.choice("type", FieldType)
    made = Field(
        place=m.place,
        name=m.name("name"),
        type=kind,
        label=m.label("label"),
        help=m.optional_label("help"),
        section=m.text("section", ""),
        required=m.flag("required"),
        unique=m.flag("unique"),
        indexed=m.flag("indexed"),
        readonly=m.flag("readonly"),
        default=m.text("default", ""),
        locked_when=m.text("locked_when", ""),
        visible_when=m.text("visible_when", ""),
        max_length=m.integer("max_length"),
        digits=m.integer("digits", 2),
        grouped=m.flag("grouped", True),
        summed=m.flag("summed", True),
        minimum=m.text("minimum", ""),
        maximum=m.text("maximum", ""),
        currency=m.text("currency", "" if rollup else "CNY"),
        options=tuple(_option(item) for item in m.each("options")),
        object=m.text("object", "user" if kind is FieldType.USER else ""),
        inverse=_inverse(inverse) if inverse else None,
        formula=m.text("formula", ""),
        rollup=_rollup(rollup) if rollup else None,
        pattern=m.text("pattern", ""),
        result=m.choice("result", FieldType, FieldType.TEXT) if m.has("result") else None,
    )
    m.close()
    return made


def _option(m: Mapped) -> Option:
    option = Option(m.text("value"), m.label("label"), m.text("color", ""))
    m.close()
    return option


def _inverse(m: Mapped) -> Inverse:
    inverse = Inverse(m.name("name"), m.label("label"))
    m.close()
    return inverse


def _rollup(m: Mapped) -> Rollup:
    rollup = Rollup(m.text("of"), m.text("function"), m.text("field", ""), m.text("where", ""))
    m.close()
    return rollup
