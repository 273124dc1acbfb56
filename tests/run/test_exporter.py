"""Exports: a list as a file, in the viewer's words and within the viewer's rights."""

import csv
from dataclasses import replace
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest

from chengdan.base.ids import new_id
from chengdan.kernel.access import Principal
from chengdan.kernel.record import UnknownField
from chengdan.run import apps
from chengdan.run.action import apply
from chengdan.run.commands import Create
from chengdan.run.errors import NotPermitted, TooMany
from chengdan.run.exporter import export_table
from chengdan.run.read import ListQuery
from chengdan.run.runtime import Runtime
from chengdan.run.tabular import open_table

SELLER_ROLE = """\
role: seller
label: {zh: 售货员, en: Seller}
permissions: [export]
grants:
  - {object: opportunity, read: [own], hidden: [cost]}
  - {object: account, read: [own]}
"""


@pytest.fixture
def company(runtime: Runtime, admin: Principal) -> Runtime:
    """Two opportunities at one account of the admin's."""
    with runtime.unit(admin) as unit:
        account = apply(unit, Create("account", {"name": "=甲公司"}))
        values = {"account": account["id"], "close_on": "2026-03-01"}
        apply(unit, Create("opportunity", {**values, "name": "泵", "amount": "1234.50"}))
        apply(unit, Create("opportunity", {**values, "name": "阀"}))
    return runtime


def rows_of(runtime: Runtime, who: Principal, query: ListQuery, path: Path) -> list[list[str]]:
    export_table(runtime, who, query, path, "csv")
    return list(csv.reader(StringIO(path.read_text("utf-8-sig"))))


QUERY = ListQuery("opportunity", sort="name", fields=("name", "account", "stage", "amount", "close_on", "needs_help"))  # fmt: skip


def test_a_list_is_exported_in_the_words_of_the_screen(company: Runtime, admin: Principal, tmp_path: Path) -> None:  # fmt: skip
    assert rows_of(company, admin, QUERY, tmp_path / "o.csv") == [
        ["商机名称", "客户", "阶段", "金额", "金额（币种）", "预计签约日", "需协同介入"],
        ["泵", "'=甲公司", "初步接触", "1234.50", "CNY", "2026-03-01", "否"],
        ["阀", "'=甲公司", "初步接触", "", "", "2026-03-01", "否"],
    ]


def test_the_words_are_in_the_viewers_language(company: Runtime, admin: Principal, tmp_path: Path) -> None:
    header, first, _ = rows_of(company, replace(admin, locale="en"), QUERY, tmp_path / "o.csv")
    assert header == ["Name", "Account", "Stage", "Amount", "Amount (currency)", "Expected close", "Needs help"]  # fmt: skip
    assert first[2] == "Prospecting"
    assert first[6] == "No"


def test_a_filter_narrows_and_a_page_does_not(company: Runtime, admin: Principal, tmp_path: Path) -> None:
    query = replace(QUERY, filter="amount > 1000", limit=1)
    assert [row[0] for row in rows_of(company, admin, query, tmp_path / "o.csv")[1:]] == ["泵"]
    assert export_table(company, admin, replace(QUERY, limit=1), tmp_path / "p.csv", "csv") == 2


def test_a_workbook_keeps_numbers_and_dates(company: Runtime, admin: Principal, tmp_path: Path) -> None:
    path = tmp_path / "o.xlsx"
    export_table(company, admin, QUERY, path, "xlsx")
    with open_table(path, "o.xlsx") as table:
        [(_, first), _] = table.preview(5)
    assert first[1] == "=甲公司"
    assert first[3] == Decimal("1234.5")
    assert str(first[5]) == "2026-03-01"


def test_an_export_shows_no_more_than_its_viewer_may_see(company: Runtime, admin: Principal, tmp_path: Path) -> None:  # fmt: skip
    company.publish({**apps.shipped("chengdan.sales"), "roles/seller.yaml": SELLER_ROLE})
    seller = Principal(new_id(), "seller", frozenset({"seller"}))
    with company.unit(admin) as unit:
        hidden = apply(unit, Create("account", {"name": "别人的客户"}))
        apply(unit, Create("opportunity", {"name": "我的", "owner": None, "account": hidden["id"]}))
        unit.later("UPDATE data.opportunity SET owner = %s WHERE name = %s", (seller.user, "我的"))
    header, *rows = rows_of(company, seller, ListQuery("opportunity"), tmp_path / "o.csv")
    assert "成本" not in header
    assert [(row[header.index("商机名称")], row[header.index("客户")]) for row in rows] == [("我的", "")]
    with pytest.raises(UnknownField):
        export_table(company, seller, ListQuery("opportunity", fields=("cost",)), tmp_path / "x.csv", "csv")


def test_without_the_permission_nothing_is_written(company: Runtime, admin: Principal, tmp_path: Path) -> None:  # fmt: skip
    rep = replace(admin, roles=frozenset({"rep"}))
    with pytest.raises(NotPermitted):
        export_table(company, rep, QUERY, tmp_path / "o.csv", "csv")
    assert list(tmp_path.glob("o.csv")) == []


def test_too_long_a_list_is_refused_and_leaves_no_file(
    company: Runtime, admin: Principal, tmp_path: Path
) -> None:
    with pytest.raises(TooMany):
        export_table(company, admin, QUERY, tmp_path / "o.csv", "csv", max_rows=1)
    assert list(tmp_path.glob("o.csv")) == []
