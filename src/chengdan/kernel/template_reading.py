"""Templates read from their manifests."""

from chengdan.base.label import Label
from chengdan.kernel.reading import Mapped, MissingKey
from chengdan.kernel.template import Paper, Section, SectionKind, Template


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
