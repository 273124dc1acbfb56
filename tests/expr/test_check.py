"""What the checker refuses, how it says so, and what it accepts."""

import pytest

from chengdan.expr import ExpressionError, Kind, Member, Type, check
from chengdan.expr.errors import ExpressionProblems
from tests.expr.sample import MEMBERS, SCHEMA, SampleSchema


def problems(text: str, **options: object) -> list[str]:
    with pytest.raises(ExpressionProblems) as raised:
        check(text, SCHEMA, "deal", **options)  # type: ignore[arg-type]
    return [
        f"{error.code} {error.message('en')} {error.hint('en')}".strip() for error in raised.value.reasons()
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("amont > 1", "EXPR-004 deal has no field `amont`. Did you mean `amount`?"),
        ("account.industri == ''", "EXPR-004 account has no field `industri`. Did you mean `industry`?"),
        ("lines.exists(x, x.prise > 1)", "EXPR-004 line has no field `prise`. Did you mean `price`?"),
        ("zzz", "EXPR-004 deal has no field `zzz`."),
        ("contain(name, 'a')", "EXPR-005 There is no function `contain`. Did you mean `contains`?"),
        ("name.conatins('a')", "EXPR-005 There is no function `conatins`. Did you mean `contains`?"),
        ("lines.exist(x, true)", "EXPR-005 There is no function `exist`. Did you mean `exists`?"),
        ("stage == 'propsal'", "EXPR-007 `propsal` is not one of the options. Did you mean `proposal`?"),
        ("'x' != stage", "EXPR-007 `x` is not one of the options. Options: lead, lost, proposal, won."),
        ("stage in ['won', 'loste']", "EXPR-007 `loste` is not one of the options. Did you mean `lost`?"),
        ("amount + name", "EXPR-006 `+` does not take a number and text. Use text(x) to turn a value into text."),
        ("amount > '5'", "EXPR-006 `>` does not take a number and text."),
        ("amount == name", "EXPR-006 `==` does not take a number and text."),
        ("amount > null", "EXPR-006 `>` does not take a number and null. null can only be compared with == or !=."),
        ("sent_at > today()", "EXPR-006 `>` does not take a datetime and a date. Use date(…) to take the date of a datetime."),
        ("close_on > '2026-01-31'", 'EXPR-006 `>` does not take a date and text. Write a date as date("2026-01-31").'),
        ("now() - sent_at > 48", "EXPR-006 `>` does not take a duration and a number. Write a duration as 48h, 7d or days(n)."),
        ("close_on + 7", "EXPR-006 `+` does not take a date and a number. Add a duration: + 7d or + days(n)."),
        ("tags == 'vip'", 'EXPR-006 `==` does not take several choices and text. Use "value" in field, or field.has("value").'),
        ("owner > me", "EXPR-006 `>` does not take a record and a record."),
        ("owner == account", "EXPR-006 `==` does not take a record and a record."),
        ("owner == 'not an id'", "EXPR-006 `==` does not take a record and text."),
        ("active < true", "EXPR-006 `<` does not take true or false and true or false."),
        ("not amount", "EXPR-011 true or false is needed here; the expression gives a number."),
        ("active and amount", "EXPR-011 true or false is needed here; the expression gives a number."),
        ("-name", "EXPR-006 `-` does not take text."),
        ("if(active, 1, 'a')", "EXPR-006 the two results of if differ: a number and text."),
        ("if(active, 1)", "EXPR-006 write if(condition, a, b)."),
        ("now(1)", "EXPR-006 write now()."),
        ("len()", "EXPR-006 len needs an argument."),
        ("len(amount)", "EXPR-006 len does not take (a number). Usage: len(text)."),
        ("name.like(stage)", "EXPR-006 argument 2 of like must be written out, in at most 200 characters."),
        ("coalesce(owner, account)", "EXPR-006 the arguments of coalesce are records of different objects."),
        ("date('2026-02-30') == today()", "EXPR-006 `2026-02-30` is not a valid date. For example 2026-01-31."),
        ("datetime('2026-01-31 09:00') < now()", "EXPR-006 `2026-01-31 09:00` is not a valid datetime. For example 2026-01-31T09:00:00+08:00."),
        ("lines", "EXPR-006 `lines` is a list, not a value. For example lines.count()."),
        ("lines.price", "EXPR-006 a list of records has no field `price`."),
        ("name.len", "EXPR-006 text has no field `len`."),
        ("lines.sum(x.price)", "EXPR-006 write lines.sum(x, …)."),
        ("lines.sum(x, x.product)", "EXPR-006 sum does not take text."),
        ("lines.exists(x, x.price)", "EXPR-006 exists does not take a number."),
        ("amount.exists()", "EXPR-006 exists takes a list of child records. For example activities.exists(a, …)."),
        ("lines.exists(amount, true)", "EXPR-008 `amount` already has a meaning and cannot be a variable. Choose another variable name."),
        ("lines.exists(me, true)", "EXPR-008 `me` already has a meaning and cannot be a variable. Choose another variable name."),
        ("lines.exists(x, account.contacts.exists(x, true))", "EXPR-008 `x` already has a meaning and cannot be a variable. Choose another variable name."),
        ("lines.exists(x, x.seller.active)", "EXPR-010 a reference of a list variable or of old cannot be followed."),
        ("lines.exists(x, lines.exists(y, lines.exists()))", "EXPR-010 list functions nest at most 2 deep."),
        ("[1]", "EXPR-010 a list can only stand to the right of in."),
        ("amount in seats", 'EXPR-006 to the right of in stands a list or a multi-select field. For example stage in ["a", "b"].'),
        ("old.amount > 1", "EXPR-010 old is not available here."),
        ("old == null", "EXPR-010 old stands before a field: old.amount."),
        ("me.name == ''", "EXPR-006 a record has no field `name`."),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_remedy(text: str, problem: str) -> None:
    assert problems(text) == [problem]


def test_all_mistakes_are_reported_at_once_each_at_its_place() -> None:
    text = "amont > 1 and stage == 'x'\n  or foo(seats)"
    with pytest.raises(ExpressionProblems) as raised:
        check(text, SCHEMA, "deal")
    assert str(raised.value) == (
        "EXPR-004 deal has no field `amont`. Did you mean `amount`?\n"
        "amont > 1 and stage == 'x'\n"
        "^\n"
        "EXPR-007 `x` is not one of the options. Options: lead, lost, proposal, won.\n"
        "amont > 1 and stage == 'x'\n"
        "                    ^\n"
        "EXPR-005 There is no function `foo`. Did you mean `floor`?\n"
        "  or foo(seats)\n"
        "     ^"
    )


def test_messages_speak_the_readers_language() -> None:
    with pytest.raises(ExpressionProblems) as raised:
        check("金 > 1", SCHEMA, "deal")
    error = raised.value.errors[0]
    assert isinstance(error, ExpressionError)
    assert error.message("zh-CN") == "deal 没有字段“金”。"
    assert error.hint("zh-CN") == "是不是 `金额`？"
    assert error.suggestion == "金额"


def test_labels_name_fields() -> None:
    assert check("金额 > 1 and `预计 成交` > today()", SCHEMA, "deal").fields() == {"amount", "close_on"}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("amount", Kind.NUMBER),
        ("tags", Kind.TEXTS),
        ("sent_at - created_at", Kind.DURATION),
        ("7d + close_on", Kind.DATE),
        ("3 * effort", Kind.DURATION),
        ("if(active, null, name)", Kind.TEXT),
        ("lines.latest(x, x.seller)", Kind.RECORD),
        ("account.grade", Kind.TEXT),
        ("owner == '00000000-0000-0000-0000-000000000001'", Kind.BOOLEAN),
        ("null", Kind.NULL),
    ],
)
def test_an_expression_knows_its_kind(text: str, kind: Kind) -> None:
    assert check(text, SCHEMA, "deal").type.kind is kind


def test_the_kind_must_suit_the_place() -> None:
    assert problems("amount", expect=Kind.BOOLEAN) == [
        "EXPR-011 true or false is needed here; the expression gives a number."
    ]
    assert problems("null", expect=Kind.BOOLEAN) == [
        "EXPR-011 true or false is needed here; the expression gives null."
    ]
    assert check("null", SCHEMA, "deal", expect=Kind.NUMBER).type.kind is Kind.NULL


def test_previous_values_are_readable_where_allowed() -> None:
    expression = check("old.stage != stage and old.doubled > 1", SCHEMA, "deal", allow_old=True)
    assert expression.fields() == {"stage", "old.stage", "old.amount"}
    assert problems("old.owner.active", allow_old=True) == [
        "EXPR-010 a reference of a list variable or of old cannot be followed."
    ]
    assert problems("old.lines.exists()", allow_old=True) == [
        "EXPR-010 a list of a list variable or of old cannot be read."
    ]


def test_extra_names_stand_beside_the_fields() -> None:
    extra = {"discount": Type(Kind.NUMBER), "rival": Type(Kind.RECORD, "account")}
    expression = check("discount > 0.1 and rival.score > 5", SCHEMA, "deal", extra=extra)
    assert expression.needs().record == {"discount", "rival"}
    assert expression.needs().objects == {("rival",): "account"}
    assert problems("lines.exists(discount, true)", extra=extra) == [
        "EXPR-008 `discount` already has a meaning and cannot be a variable. Choose another variable name."
    ]


class FormulaSchema(SampleSchema):
    """The sample world with some broken formulas on deals."""

    FORMULAS = (
        ("loop", Kind.NUMBER, "loop + 1"),
        ("ping", Kind.NUMBER, "pong"),
        ("pong", Kind.NUMBER, "account.score + ping"),
        ("wrong", Kind.TEXT, "amount"),
        ("broken", Kind.NUMBER, "amount +"),
        ("typo", Kind.NUMBER, "1 + amont"),
        *((f"f{n}", Kind.NUMBER, f"f{n - 1} + f{n - 1}") for n in range(1, 30)),
        ("f0", Kind.NUMBER, "amount"),
    )

    def member(self, object: str, name: str) -> Member | None:
        for formula, kind, text in self.FORMULAS:
            if object == "deal" and name == formula:
                return Member(name, Type(kind), formula=text)
        return MEMBERS.get(object, {}).get(name)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("loop > 1", "EXPR-009 deal.loop: The formula refers to itself: deal.loop → deal.loop. Remove one of these references.\nloop + 1\n^"),
        ("ping > 1", "EXPR-009 deal.pong: The formula refers to itself: deal.ping → deal.pong → deal.ping. Remove one of these references.\naccount.score + ping\n                ^"),
        ("wrong == ''", "EXPR-011 deal.wrong: text is needed here; the expression gives a number.\namount\n^"),
        ("broken > 1", "EXPR-002 deal.broken: expected a value, found the end.\namount +\n        ^"),
        ("typo > 1", "EXPR-004 deal.typo: deal has no field `amont`. Did you mean `amount`?\n1 + amont\n    ^"),
    ],
)  # fmt: skip
def test_a_fault_in_a_formula_is_shown_in_the_formula(text: str, shown: str) -> None:
    with pytest.raises(ExpressionError) as raised:
        check(text, FormulaSchema(), "deal")
    assert str(raised.value) == shown


def test_formulas_that_double_each_other_are_stopped() -> None:
    with pytest.raises(ExpressionError) as raised:
        check("f29 > 1", FormulaSchema(), "deal")
    assert raised.value.code == "EXPR-003"


def test_a_formula_is_read_at_the_record_it_belongs_to() -> None:
    expression = check("doubled > 1 and account.grade == 'A' and lines.sum(x, x.total) > 1", SCHEMA, "deal")
    assert expression.fields() == {
        "amount",
        "account",
        "account.score",
        "lines[].price",
        "lines[].count_of",
    }
