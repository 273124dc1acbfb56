"""Forms for somebody: a template filled in from a record as far as that person may see it, as PDF."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Uuid, bindparam, select

from chengdan.base.errors import ChengdanError, Locale
from chengdan.expr import Context
from chengdan.kernel.access import Act
from chengdan.kernel.field import FieldType
from chengdan.kernel.filling import fill_in, fingerprint, needs_of
from chengdan.kernel.formcode import FormCode
from chengdan.kernel.template import Template
from chengdan.run.documents import set_form
from chengdan.run.errors import NotFound
from chengdan.run.explain import seen
from chengdan.run.facts import Path, UnitFacts, context
from chengdan.run.holding import object_of
from chengdan.run.read import viewing
from chengdan.store.statement import render
from chengdan.store.unit import Row, Unit
from chengdan.store.visibility import scope_params

MAX_CHILDREN = 1_000


class NoSuchTemplate(ChengdanError):
    """A template that isn't there, or is one of another object."""

    code = "FORM-001"
    status = 404
    zh = "没有模板“{name}”。"
    en = "There is no template `{name}`."


class TemplateHidden(ChengdanError):
    """A form that would show what is hidden from whoever asks."""

    code = "FORM-004"
    status = 403
    zh = "这份表单含有您无权查看的字段。"
    en = "This form shows fields that are hidden from you."
    hint_zh = "请有权限的同事下载。"
    hint_en = "Ask a colleague who may see them."


@dataclass(frozen=True, slots=True)
class Form:
    """A form as PDF, what to call it, and the fingerprint of what it shows of the record."""

    content: bytes
    name: str
    template: Template
    fingerprint: str


class SeenFacts(UnitFacts):
    """The surroundings of a record as far as the reader may see them; what they may not see is not there."""

    def _fetch(self, path: Path) -> Mapping[str, Any] | None:
        holder = self.one(path[:-1])
        id = holder.get(path[-1]) if holder is not None else None
        if id is None:
            return None
        with suppress(NotFound):
            return seen(self._unit, self._needs.objects[path], id)
        return None

    def _children(self, path: Path, inverse: str) -> Sequence[Mapping[str, Any]]:
        parent = self._parent(path)
        if parent is None:
            return ()
        wanted = self._needs.lists[path, inverse]
        table = viewing(self._unit).seen(wanted.object)
        names = sorted({"id", *wanted.fields})
        statement = render(
            select(*(table.c[name] for name in names))
            .where(table.c[wanted.via] == bindparam("parent", type_=Uuid), table.c.archived_at.is_(None))
            .limit(MAX_CHILDREN)
        )
        sql, params = statement.bound(parent=parent, **scope_params(self._unit.principal))
        return [dict(zip(names, row, strict=True)) for row in self._unit.execute(sql, params).fetchall()]


def form_for(reader: Unit, object: str, id: UUID, template: str, deliverable: str, locale: Locale) -> Form:
    """The form over a record. Raises NotFound, NoSuchTemplate, TemplateHidden, FontMissing, FormTooLong."""
    item, _ = object_of(reader, object)
    found = reader.snapshot.templates.get(template)
    if found is None or found.object != object:
        raise NoSuchTemplate(name=template)
    row = seen(reader, object, id)
    _check_seen(reader, found)
    needs = needs_of(reader.snapshot, found)
    around = Context(
        now=reader.now,
        me=reader.actor,
        zone=ZoneInfo(reader.principal.time_zone),
        calendar=reader.edition.calendar,
        facts=SeenFacts(reader, row, needs),
    )
    filled = fill_in(reader.snapshot, found, row, around, locale)
    print_ = fingerprint(reader.snapshot, found, row, context(reader, row, needs))
    title = str(row.get(item.title) or "")

    def code(page: int, pages: int) -> str:
        return FormCode(found.name, id, deliverable, print_, page, pages).text()

    content = set_form(
        filled,
        found.paper,
        code,
        number=_number(reader, object, row),
        company=title,
        locale=locale,
        now=reader.now,
    )
    return Form(content, f"{filled.title} {title}".strip()[:120] + ".pdf", found, print_)


def _number(reader: Unit, object: str, row: Row) -> str:
    """The record's auto number, by which people find it again."""
    numbers = (f.name for f in reader.snapshot.objects[object].fields if f.type is FieldType.AUTO_NUMBER)
    hidden = reader.snapshot.access(reader.principal, object).hidden
    return next((str(row[name]) for name in numbers if name not in hidden and row[name]), "")


def _check_seen(reader: Unit, template: Template) -> None:
    """Nothing that the form reads may be hidden from the reader."""
    needs = needs_of(reader.snapshot, template)
    reads = [(template.object, needs.record)]
    reads += [(needs.objects[path], names) for path, names in needs.references.items()]
    reads += [(need.object, need.fields | {need.via}) for need in needs.lists.values()]
    for object, names in reads:
        access = reader.snapshot.access(reader.principal, object)
        if names & access.hidden or not access.may(Act.READ):
            raise TemplateHidden()
