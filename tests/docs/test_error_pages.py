"""The pages of error codes say what the code says."""

import pytest
from tools.error_pages import PAGES, REFERENCE, Page, errors, render


@pytest.mark.parametrize("reference", PAGES, ids=[page.name for page in PAGES])
def test_the_page_is_what_the_code_makes(reference: Page) -> None:
    assert (REFERENCE / reference.name).read_text("utf-8") == render(reference, errors()), (
        "run: python tools/error_pages.py"
    )


def test_no_two_errors_share_a_code() -> None:
    codes = [error.code for error in errors()]

    assert [code for code in codes if codes.count(code) > 1] == []


def test_every_error_speaks_both_languages() -> None:
    silent = [error.code for error in errors() if not (error.zh and error.en)]
    one_sided = [error.code for error in errors() if bool(error.hint_zh) is not bool(error.hint_en)]

    assert (silent, one_sided) == ([], [])
