"""What an evaluation has to load."""

from chengdan.expr import ListNeed, Needs, check
from tests.expr.sample import SCHEMA


def test_needs_name_fields_references_and_lists() -> None:
    expression = check(
        "amount > 1 and account.owner.active and account.industry == '' and owner == me and old.stage == 'won'"
        " and lines.exists(x, x.price > seats and x.seller == account.owner) and account.contacts.count() > 1"
        " and lines.latest(z, z.product) == ''",
        SCHEMA,
        "deal",
        allow_old=True,
    )
    assert expression.needs() == Needs(
        record=frozenset({"amount", "account", "owner", "seats"}),
        old=frozenset({"stage"}),
        references={
            ("account",): frozenset({"owner", "industry"}),
            ("account", "owner"): frozenset({"active"}),
        },
        objects={("account",): "account", ("account", "owner"): "user"},
        lists={
            ((), "lines"): ListNeed(
                "line", "deal", frozenset({"price", "seller", "product", "created_at", "id"})
            ),
            (("account",), "contacts"): ListNeed("contact", "account", frozenset()),
        },
    )
    assert expression.fields() == {
        "amount",
        "account",
        "owner",
        "seats",
        "old.stage",
        "account.industry",
        "account.owner",
        "account.owner.active",
        "lines[].price",
        "lines[].seller",
        "lines[].product",
        "lines[].created_at",
        "lines[].id",
        "account.contacts[]",
    }


def test_a_list_below_a_reference_needs_that_reference_only() -> None:
    needs = check("account.owner == me or account.contacts.count() > 0", SCHEMA, "deal").needs()
    assert needs.record == {"account"}
    assert needs.references == {("account",): {"owner"}}
    assert check("account.contacts.count() > 0", SCHEMA, "deal").needs().references == {}


def test_an_unconditional_expression_needs_nothing() -> None:
    needs = check("now() > datetime('2026-01-31T09:00:00+08:00')", SCHEMA, "deal").needs()
    assert needs == Needs(frozenset(), frozenset(), {}, {}, {})
