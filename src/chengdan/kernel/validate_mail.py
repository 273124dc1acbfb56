"""Validation of mail: every role is played by a fitting field, people have addresses, letters read what is there."""

from chengdan.kernel.fault import Found, checks, contradiction, unknown
from chengdan.kernel.field import FieldType
from chengdan.kernel.letter import PLACES, expressions
from chengdan.kernel.mail import ROLES, Letter, Mail
from chengdan.kernel.object import Object
from chengdan.kernel.snapshot import Snapshot

_ADDRESSES = (FieldType.EMAIL, FieldType.TEXT)


def validate_mail(snapshot: Snapshot) -> Found:
    """Every problem of the objects that say they are mail; there may be one of them."""
    objects = [item for item in snapshot.objects.values() if item.mail is not None]
    for item in objects[1:]:
        yield contradiction(
            item.mail.place,  # type: ignore[union-attr]
            f"“{objects[0].name}”已是邮件对象",
            f"`{objects[0].name}` is the object of e-mails already",
        )
    for item in objects:
        assert item.mail is not None
        yield from _roles(item, item.mail)
        yield from _people(snapshot, item, item.mail)


def _roles(item: Object, mail: Mail) -> Found:
    for name in mail.fields.keys() - ROLES.keys():
        yield unknown(mail.place, "邮件角色", "role in a mail", name, ROLES)
    for name, role in ROLES.items():
        field = item.field(mail.fields.get(name, ""))
        if field is None:
            yield contradiction(
                mail.place,
                f"没有字段担任“{name}”",
                f"no field plays the role `{name}`",
                f"在 mail.fields 里写 {name}: 字段名",
                f"Write {name}: <field> under mail.fields",
            )
        elif field.type not in role.types:
            wanted = "、".join(role.types)
            yield contradiction(
                field.place, f"“{name}”的字段应是 {wanted}", f"the field for `{name}` must be one of {wanted}"
            )
        elif role.options is not None:
            lacking = [o for o in role.options if o not in {option.value for option in field.options}]
            for option in lacking:
                yield unknown(field.place, "选项", "option", option, [o.value for o in field.options])


def _people(snapshot: Snapshot, item: Object, mail: Mail) -> Found:
    for people in mail.people:
        field, target = item.field(people.field), snapshot.object(people.object)
        if field is None or field.type is not FieldType.REFERENCE or field.object != people.object:
            yield unknown(mail.place, "引用字段", "reference", people.field, item.by_name)
        address = target.field(people.address) if target is not None else None
        if address is None or address.type not in _ADDRESSES:
            yield unknown(
                mail.place, "邮箱字段", "field of addresses", people.address, target.by_name if target else ()
            )


def validate_letter(snapshot: Snapshot, letter: Letter) -> Found:
    """Every problem of one letter."""
    if snapshot.object(letter.object) is None:
        yield unknown(letter.place, "对象", "object", letter.object, snapshot.objects)
        return
    mail = snapshot.mail
    if mail is not None and mail.mail is not None and letter.kind:
        field = mail.field(mail.mail.fields.get("kind", ""))
        options = [option.value for option in field.options] if field else []
        if letter.kind not in options:
            yield unknown(letter.place, "邮件类别", "kind of mail", letter.kind, options)
    for text in (letter.subject.zh, letter.subject.en, letter.body.zh, letter.body.en):
        if PLACES.sub("", text).count("{") or PLACES.sub("", text).count("}"):
            yield contradiction(
                letter.place, f"“{text[:40]}”里的花括号不成对", f"the braces in `{text[:40]}` don't pair up"
            )
        for expression in expressions(text):
            yield from checks(letter.place, snapshot, letter.object, expression)
