"""Templates: forms that fill themselves in from a record, to be printed, completed by hand and signed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as attribute
from enum import StrEnum
from functools import cached_property

from chengdan.base.label import Label
from chengdan.kernel.place import NOWHERE, Place
from chengdan.kernel.reading import Mapped, MissingKey

CELL = re.compile(r"\{([^{}]+)\}")


class Paper(StrEnum):
    A4 = "a4"
    A4_LANDSCAPE = "a4_landscape"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page in millimetres: of its left upper corner from the left upper corner of the page's code, and its size."""

    x: float
    y: float
    width: float
    height: float


SIZES: Mapping[Paper, tuple[int, int]] = {Paper.A4: (210, 297), Paper.A4_LANDSCAPE: (297, 210)}
"""Width and height in millimetres."""
MARGIN, BOTTOM = 18, 12
CODE_SIDE = 22
"""The code stands in the right lower corner of every page, MARGIN from the right and BOTTOM from below."""
SIGNATURE = Box(-98, -4, 90, 26)
"""Where people sign: on the last page, left of its code."""


class SectionKind(StrEnum):
    """What a section holds: `text`; `fields` of the record; `checks` to tick; `lines` or a `box` to fill in; an empty `table`."""

    TEXT = "text"
    FIELDS = "fields"
    CHECKS = "checks"
    LINES = "lines"
    BOX = "box"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Section:
    """One section under its `title`. `text` may hold `{expressions}`; `fields` are paths such as `account.name`.

    `height` is that of lines or a box in millimetres; `columns` and `rows` are those of an empty table.
    """

    kind: SectionKind
    title: Label | None = None
    text: Label | None = None
    fields: tuple[str, ...] = ()
    options: tuple[Label, ...] = ()
    columns: tuple[Label, ...] = ()
    rows: int = 0
    height: int = 0
    place: Place = attribute(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True)
class Template:
    """A form over records of `object`. With `signature`, the words above it, there is a box to sign in on the last page."""

    name: str
    label: Label
    object: str
    paper: Paper = Paper.A4
    intro: Label | None = None
    sections: tuple[Section, ...] = ()
    signature: Label | None = None
    place: Place = attribute(default=NOWHERE, compare=False, repr=False)

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The texts that may hold expressions, in both languages."""
        labels = (self.intro, *(section.text for section in self.sections))
        return tuple(text for label in labels if label for text in (label.zh, label.en))

    @cached_property
    def cells(self) -> tuple[str, ...]:
        """What the form reads of a record: paths and expressions, each once."""
        fields = [path for section in self.sections for path in section.fields]
        return tuple(dict.fromkeys([*fields, *(cell for text in self.texts for cell in CELL.findall(text))]))


def read_template(m: Mapped) -> Template:
    """The template that a mapping defines."""
    return Template(
        place=m.place,
        name=m.name("template"),
        label=m.label("label"),
        object=m.text("object"),
        paper=m.choice("paper", Paper, Paper.A4),
        intro=m.optional_label("intro"),
        sections=tuple(read_section(item) for item in m.each("sections")),
        signature=m.optional_label("signature"),
    )


def read_section(m: Mapped) -> Section:
    """One section: the key beside `title` says of which kind."""
    title = m.optional_label("title")
    kind = next((kind for kind in SectionKind if m.has(kind)), SectionKind.TEXT)
    section = Section(
        kind,
        title,
        place=m.place,
        text=m.optional_label("text"),
        fields=m.texts("fields"),
        options=tuple(_label(item) for item in m.each("checks")),
        height=m.integer("lines") or m.integer("box"),
        columns=tuple(_label(item) for item in m.each("table")),
        rows=m.integer("rows", 5),
    )
    if not (section.text or section.fields or section.options or section.height or section.columns):
        m.complain(
            MissingKey,
            m.place,
            "这一节没有内容",
            "this section has nothing in it",
            "写上 text、fields、checks、lines、box 或 table",
            "Write one of text, fields, checks, lines, box and table",
        )
    m.close()
    return section


def _label(m: Mapped) -> Label:
    label = Label(m.text("zh"), m.text("en"))
    m.close()
    return label
