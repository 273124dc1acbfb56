"""Templates: what a form says of a record, when its content counts as changed, and what is wrong with a definition."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from chengdan.base.label import Label
from chengdan.expr import Context
from chengdan.kernel.field import Field, FieldType, Option
from chengdan.kernel.filling import fill_in, fingerprint
from chengdan.kernel.formcode import FormCode, read_code
from chengdan.kernel.gate import Evidence, Signature, stand
from chengdan.kernel.pipeline import Deliverable, DeliverableKind, Stage
from chengdan.kernel.snapshot import Snapshot
from chengdan.kernel.validate import build
from chengdan.kernel.words import in_words
from tests.lab.manifests import manifests, snapshot

FORM = """\
template: consent
label: {zh: 同意书, en: Consent}
object: job
intro: {zh: '致 {name}：{value * 2}', en: 'To {name}: {value * 2}'}
sections:
  - {title: {zh: 基本, en: Basics}, fields: [name, value, stage]}
  - {text: {zh: '印于 {today()}', en: 'Printed {today()}'}}
  - {checks: [{zh: 甲, en: A}, {zh: 乙, en: B}]}
  - {table: [{zh: 项, en: Line}], rows: 3}
signature: {zh: 签字, en: Signature}
"""
HERE = Context(datetime(2026, 3, 2, 1, tzinfo=UTC), zone=ZoneInfo("Asia/Shanghai"))
JOB = {
    "id": UUID(int=1),
    "name": "打样 #x",
    "value": Decimal("1200.50"),
    "value_currency": "CNY",
    "stage": "idea",
}
ITEM = Deliverable(
    "consent", DeliverableKind.SIGNATURE, Label("同意书", "Consent"), Label("", ""), template="consent"
)
IDEA = Stage("idea", Label("构想", "Idea"))


def lab() -> Snapshot:
    return snapshot(manifests({"templates/consent.yaml": FORM}))


def problems(text: str) -> list[str]:
    return [
        f"{one.path} {one.message('en')}" for one in build(manifests({"templates/consent.yaml": text}))[1]
    ]


def test_a_form_says_what_the_record_says_in_the_reader_s_language() -> None:
    made = lab()
    zh = fill_in(made, made.templates["consent"], JOB, HERE, "zh-CN")
    en = fill_in(made, made.templates["consent"], JOB, HERE, "en")

    assert (zh.title, zh.intro, zh.signature) == ("同意书", "致 打样 #x：2,401", "签字")
    assert zh.sections[0]["rows"][0] == ("名称", "打样 #x")
    assert zh.sections[0]["rows"][1][1] == "CNY 1,200.5"
    assert [row[1] for row in (zh.sections[0]["rows"][2], en.sections[0]["rows"][2])] == ["构想", "Idea"]
    assert (zh.sections[1]["text"], en.sections[1]["text"]) == ("印于 2026-03-02", "Printed 2026-03-02")
    assert (zh.sections[2]["options"], en.sections[3]["columns"], en.sections[3]["rows"]) == (
        ["甲", "乙"],
        ["Line"],
        3,
    )


def test_its_fingerprint_follows_the_values_shown_and_nothing_else() -> None:
    made = lab()

    def of(**changed: object) -> str:
        return fingerprint(made, made.templates["consent"], {**JOB, **changed}, HERE)

    later = Context(datetime(2027, 1, 1, tzinfo=UTC), me=UUID(int=7), zone=ZoneInfo("UTC"))
    assert (
        of()
        == of(cost=5, value=Decimal("1200.5"))
        == fingerprint(made, made.templates["consent"], JOB, later)
    )
    assert len({of(), of(name="y"), of(value=None), of(stage="build")}) == 4


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("object: job", "object: jobb", "there is no object `jobb`"),
        ("[name, value, stage]", "[name, valu]", "there is no field `valu`"),
        ("{value * 2}", "{value * }", "templates/consent.yaml:1"),
        ("印于 {today()}", "印于 {today()", "the braces in"),
        ("rows: 3", "rows: 99", "a table has at most 6 columns and 30 rows"),
        ("{checks: [{zh: 甲, en: A}, {zh: 乙, en: B}]}", "{box: 900}", "a height is from 5 to 240 mm"),
        (
            "{checks: [{zh: 甲, en: A}, {zh: 乙, en: B}]}",
            "{title: {zh: 空, en: Empty}}",
            "this section has nothing in it",
        ),
    ],
)
def test_what_cannot_work_is_named_with_its_place(old: str, new: str, found: str) -> None:
    said = problems(FORM.replace(old, new))

    assert said
    assert all(one.startswith("templates/consent.yaml:") for one in said)
    assert any(found in one for one in said)


def standing(fresh: bool, *signatures: Signature) -> tuple[bool, int, str]:
    made = lab()
    item = Deliverable("consent", ITEM.kind, ITEM.label, ITEM.hint, template="consent", fresh=fresh)
    pipeline = made.pipelines["course"]
    found = stand(made, pipeline, IDEA, item, JOB, Evidence(HERE, {}, {"consent": signatures}))
    return found.met, found.have, found.note


def test_a_signature_counts_if_it_is_one_and_with_fresh_only_on_what_the_record_says_now() -> None:
    made = lab()
    now = fingerprint(made, made.templates["consent"], JOB, HERE)

    assert standing(False) == (False, 0, "")
    assert standing(False, Signature(False, now)) == (False, 0, "unsigned")
    assert standing(False, Signature(True, "old")) == (True, 1, "")
    assert standing(True, Signature(True, "old")) == (False, 0, "differs")
    assert standing(True, Signature(True, "old"), Signature(True, now)) == (True, 1, "")


def test_a_code_is_read_as_it_was_written_and_no_other_is() -> None:
    code = FormCode("consent", UUID(int=9), "consent", "0123456789abcdef", 1, 2)

    assert read_code(code.text()) == code
    assert [
        read_code(text)
        for text in ("", "https://x.cn", code.text() + ":1", code.text().replace(":1:", ":x:"))
    ] == [None] * 4


def test_values_are_put_into_words() -> None:
    choice = Field("x", FieldType.SELECT, Label("x", "x"), options=(Option("a", Label("甲", "A")),))
    share = Field("x", FieldType.PERCENT, Label("x", "x"))
    zone = ZoneInfo("Asia/Shanghai")

    assert in_words(None, None, "zh-CN", zone) == "—"
    assert in_words(True, None, "en", zone) == "Yes"
    assert in_words(["a", "b"], choice, "zh-CN", zone) == "甲、b"
    assert in_words(Decimal("12.500"), share, "en", zone) == "12.5 %"
    assert in_words(date(2026, 3, 2), None, "en", zone) == "2026-03-02"
    assert in_words(datetime(2026, 3, 2, 1, tzinfo=UTC), None, "en", zone) == "2026-03-02 09:00"
