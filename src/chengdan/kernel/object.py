"""Objects: what a company keeps records of."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as attribute
from functools import cached_property
from types import MappingProxyType

from chengdan.base.label import Label
from chengdan.kernel.field import FILE_TYPES, Field, FieldType, currency_column, is_territory, read_field
from chengdan.kernel.mail import Mail, read_mail
from chengdan.kernel.place import NOWHERE, Place
from chengdan.kernel.reading import Mapped

ABLE = "_can"
"""Where a record says what the viewer may do to it, if asked: beside its fields, whose names begin with a letter."""
RESERVED = ("id", "version", "created_at", "created_by", "updated_at", "updated_by", "archived_at")


def _system(name: str, type: FieldType, zh: str, en: str, object: str = "", readonly: bool = True) -> Field:
    return Field(name, type, Label(zh, en), object=object, readonly=readonly, system=True, indexed=False)


SYSTEM_FIELDS = (
    _system("owner", FieldType.USER, "负责人", "Owner", "user", readonly=False),
    _system("team", FieldType.REFERENCE, "团队", "Team", "team", readonly=False),
    _system("created_at", FieldType.DATETIME, "创建时间", "Created"),
    _system("created_by", FieldType.USER, "创建人", "Created by", "user"),
    _system("updated_at", FieldType.DATETIME, "更新时间", "Updated"),
    _system("updated_by", FieldType.USER, "更新人", "Updated by", "user"),
    _system("archived_at", FieldType.DATETIME, "归档时间", "Archived"),
)
STAGE_SINCE = _system("stage_since", FieldType.DATETIME, "进入阶段时间", "In stage since")


@dataclass(frozen=True, slots=True)
class Quick:
    """How a record of an object is made in a line from the record it points to.

    `fields` are what the line asks for beside the title; a select field `by` gives each of its options a button.
    """

    by: str = ""
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Next:
    """The fields that hold what happens next with a record: the text, and the day. Pages ask for them where they are empty."""

    text: str
    on: str


@dataclass(frozen=True, slots=True)
class Loop:
    """That records of an object wait for an answer: they begin in the first stage of its pipeline, the second says answered.

    `answer` and `words` are the long texts of the answer and of what was asked, `since` is the day it was asked. A note
    that is written beside open ones asks which of them it answers. By age they are told apart at the `ages` (in days,
    rising), and grouped `by` fields; those that
    don't satisfy `where` are left out there.
    """

    answer: str
    words: str
    since: str
    by: tuple[str, ...] = ()
    ages: tuple[int, ...] = (2, 5, 10)
    where: str = ""


@dataclass(frozen=True)
class Object:
    """An object: its fields in the order people see them, the system's own fields last.

    `file_kinds` are kinds that files may be filed as beside those that deliverables ask for. Who reads `sensitive` fields is
    written down. Records that satisfy `stays` stay with who did them when that person leaves; those that satisfy `private`
    are there for their owner alone, whatever roles grant.
    """

    name: str
    label: Label
    plural: Label
    title: str
    icon: str = ""
    listed: bool = True
    """Whether the navigation leads to its list; else one comes to it from the records that it hangs on, or by search."""
    help: Label | None = None
    fields: tuple[Field, ...] = ()
    sections: tuple[tuple[str, Label], ...] = ()
    search: tuple[str, ...] = ()
    quick: Quick | None = None
    next: Next | None = None
    mail: Mail | None = None
    file_kinds: tuple[tuple[str, Label], ...] = ()
    sensitive: tuple[str, ...] = ()
    stays: str = ""
    private: str = ""
    loop: Loop | None = None
    place: Place = attribute(default=NOWHERE, compare=False, repr=False)

    @cached_property
    def by_name(self) -> Mapping[str, Field]:
        """Own and system fields by api name."""
        return MappingProxyType({item.name: item for item in (*self.fields, *SYSTEM_FIELDS)})

    @cached_property
    def by_label(self) -> Mapping[str, Field]:
        """Fields by either label, so that expressions may use the words of the screen."""
        labels = {label: item for item in self.by_name.values() for label in (item.label.zh, item.label.en)}
        return MappingProxyType(labels)

    @cached_property
    def entered(self) -> tuple[str, ...]:
        """The fields that people and rules enter, the number given to it among them; not what follows from others."""
        worked_out = (FieldType.FORMULA, FieldType.ROLLUP)
        return tuple(
            name
            for name, item in self.by_name.items()
            if item.type not in worked_out and (not item.system or item.assignable)
        )

    @cached_property
    def required(self) -> tuple[Field, ...]:
        return tuple(item for item in self.fields if item.required)

    @cached_property
    def defaulted(self) -> tuple[Field, ...]:
        """The fields with a default."""
        return tuple(item for item in self.fields if item.default)

    @cached_property
    def amounts(self) -> tuple[tuple[Field, str], ...]:
        """The money fields, each with the column of its currency."""
        return tuple(
            (item, currency_column(item.name)) for item in self.fields if item.type is FieldType.MONEY
        )

    @cached_property
    def filing(self) -> tuple[Field, ...]:
        """The fields that hold files."""
        return tuple(item for item in self.fields if item.type in FILE_TYPES)

    @cached_property
    def territorial(self) -> tuple[Field, ...]:
        """The fields that place a record in a territory."""
        return tuple(item for item in self.fields if is_territory(item))

    @cached_property
    def pointing(self) -> Mapping[str, Field]:
        """The fields whose values name other records or files, but for who made and changed the record."""
        found = (item for item in self.by_name.values() if item.object or item.type in FILE_TYPES)
        return {item.name: item for item in found if not item.system or item.assignable}

    def field(self, name: str) -> Field | None:
        return self.by_name.get(name)


def read_object(m: Mapped) -> Object:
    """The definition in a manifest of the kind `object`."""
    quick, following, mail, loop = m.one("quick"), m.one("next"), m.one("mail"), m.one("loop")
    return Object(
        place=m.place,
        name=m.name("object"),
        label=m.label("label"),
        plural=m.label("plural"),
        title=m.text("title"),
        icon=m.text("icon", ""),
        listed=m.flag("listed", True),
        help=m.optional_label("help"),
        search=m.texts("search"),
        quick=_quick(quick) if quick else None,
        next=_next(following) if following else None,
        mail=read_mail(mail) if mail else None,
        sensitive=m.texts("sensitive"),
        stays=m.text("stays", ""),
        private=m.text("private", ""),
        file_kinds=tuple(_section(item) for item in m.each("file_kinds")),
        loop=_loop(loop) if loop else None,
        sections=tuple(_section(item) for item in m.each("sections")),
        fields=tuple(read_field(item) for item in m.each("fields")),
    )


def _quick(m: Mapped) -> Quick:
    quick = Quick(m.text("by", ""), m.texts("fields"))
    m.close()
    return quick


def _next(m: Mapped) -> Next:
    following = Next(m.text("text"), m.text("on"))
    m.close()
    return following


def _loop(m: Mapped) -> Loop:
    loop = Loop(
        m.text("answer"),
        m.text("words"),
        m.text("since"),
        m.texts("by"),
        m.integers("ages", (2, 5, 10)),
        m.text("where", ""),
    )
    m.close()
    return loop


def _section(m: Mapped) -> tuple[str, Label]:
    section = (m.name("name"), m.label("label"))
    m.close()
    return section
