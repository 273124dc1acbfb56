from chengdan.kernel.access import Principal
from chengdan.run.importer.suggest import suggest
from tests.sales.manifests import snapshot

ADMIN = Principal(user=None, name="admin", roles=frozenset({"admin"}))  # type: ignore[arg-type]


def suggested(object: str, *columns: str, **samples: list[str]) -> dict[str, str | None]:
    return suggest(snapshot(), snapshot().access(ADMIN, object), columns, samples)


def test_columns_are_recognised_by_name_label_and_synonym() -> None:
    assert suggested(
        "account", "name", "行业", "Year founded", "员工人数（人）", "Web-Site", "电话号码?"
    ) == {
        "name": "name",
        "行业": "industry",
        "Year founded": "founded_year",
        "员工人数（人）": "employees",
        "Web-Site": "website",
        "电话号码?": None,
    }


def test_the_columns_of_a_foreign_system_are_guessed() -> None:
    columns = ("opportunity_id", "sales_agent", "deal_stage", "engage_date", "close_date", "close_value")
    assert suggested("opportunity", *columns) == {
        "opportunity_id": "external_key",
        "sales_agent": "owner",
        "deal_stage": "stage",
        "engage_date": "engaged_on",
        "close_date": "closed_on",
        "close_value": "amount",
    }


def test_options_in_the_samples_tell_a_select() -> None:
    assert suggested("opportunity", "Q", Q=["赢单", "输单"]) == {"Q": "stage"}


def test_a_field_is_suggested_once_and_never_one_that_is_worked_out() -> None:
    assert suggested("account", "name", "Name", "Account number") == {
        "name": "name",
        "Name": None,
        "Account number": None,
    }
