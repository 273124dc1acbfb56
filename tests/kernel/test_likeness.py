"""When two values are the same although they are written differently."""

import pytest

from chengdan.kernel.field import FieldType
from chengdan.kernel.likeness import CompanyName, Likeness, company_name, grams, key_of

WRITTEN = (
    "深圳市普渡科技有限公司",
    "深圳普渡科技有限公司",
    "普渡科技（深圳）有限公司",
    "普渡科技(深圳)股份有限公司",
    " 深圳 普渡科技 集团有限公司",
    "广东省深圳市普渡科技有限责任公司",
)


@pytest.mark.parametrize("text", WRITTEN)
def test_brackets_city_and_legal_form_do_not_tell_companies_apart(text: str) -> None:
    assert company_name(text) == CompanyName("深圳", "普渡科技")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("深圳普渡科技有限公司", "杭州普渡科技有限公司"),
        ("北京商汤科技有限公司", "北京商汤智能有限公司"),
        ("中国电信股份有限公司广州分公司", "中国电信股份有限公司深圳分公司"),
        ("索尼（中国）有限公司", "索尼集团"),
        ("小米科技有限公司", "北京小米科技有限公司"),
    ],
)
def test_what_tells_companies_apart_stays(one: str, other: str) -> None:
    assert company_name(one).key != company_name(other).key


def test_a_name_that_is_only_a_place_or_a_form_is_no_key() -> None:
    assert company_name("北京公司") == CompanyName("北京", "北京")
    assert [key_of(FieldType.TEXT, Likeness.COMPANY, text) for text in ("", "  ", "有限公司", "A")] == [
        ""
    ] * 4


def test_phones_are_their_digits_and_mail_knows_no_case() -> None:
    mobiles = ("13800138000", "+86 138-0013-8000", "0086 13800138000", "１３８００１３８０００")
    assert {key_of(FieldType.PHONE, Likeness.VALUE, text) for text in mobiles} == {"13800138000"}
    assert key_of(FieldType.PHONE, Likeness.VALUE, "12345") == ""
    assert key_of(FieldType.EMAIL, Likeness.VALUE, " Li.Wei@Example.CN ") == "li.wei@example.cn"


def test_near_names_are_found_by_what_few_names_hold() -> None:
    assert grams(company_name("深圳普渡科技有限公司").key) == ["普渡", "渡科"]
    assert grams(company_name("深圳科技有限公司").key) == ["科技"]
