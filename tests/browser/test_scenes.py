"""The main pages still look as docs/screens shows them, in every size and theme, and keep nobody out."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ViewportSize

from tests.browser.axe import AXE, COLORS, grave
from tests.browser.desk import PHONE, Staff
from tests.browser.likeness import small, unlike
from tests.browser.scenes import SCENES, SIZES, Scene, looks, stage

TOLERANCE = 0.12
TOLERANCE_OF_PHONE = 0.2
TOLERANCE_OF_DRAWN = 0.35
"""The share of a picture that may change: the company's records are others every day, the page is not.

On a phone one card that is longer moves all that is below it.
"""
AT_ONCE = 6
ROLES = sorted({scene.role for scene in SCENES})
PARTS = [
    part
    for scenes in ([scene for scene in SCENES if scene.role == role] for role in ROLES)
    for part in (scenes[start : start + AT_ONCE] for start in range(0, len(scenes), AT_ONCE))
]
"""A few scenes of one role at a time, so that test processes share them."""


@pytest.mark.untouched
@pytest.mark.skipif(not AXE.is_file(), reason="axe-core isn't installed: make ui")
@pytest.mark.parametrize("size", SIZES, ids=lambda size: size["width"])
@pytest.mark.parametrize("scenes", PARTS, ids=lambda scenes: f"{scenes[0].role}-{scenes[0].name}")
def test_the_main_pages_look_as_shown_and_keep_nobody_out(
    staff: Staff, browser: Browser, scenes: Sequence[Scene], size: ViewportSize, tmp_path: Path
) -> None:
    found: list[str] = []
    allowed = TOLERANCE_OF_PHONE if size == PHONE else TOLERANCE
    with stage(browser, staff, scenes[0].role, size) as page:
        for scene in scenes:
            for theme, kept, taken in looks(page, scene):
                changed = unlike(kept.read_bytes(), taken) if kept.is_file() else 1.0
                if changed > (TOLERANCE_OF_DRAWN if scene.drawn else allowed):
                    (tmp_path / kept.name).write_bytes(small(taken))
                    found.append(
                        f"{kept.stem}: {changed:.0%} looks different; if it should, `make screens`. Now: {tmp_path / kept.name}"
                    )
                findings = grave(page, only=COLORS if theme == "dark" else ())
                found += [f"{kept.stem}: {finding}" for finding in findings]
    assert found == []


def test_another_layout_is_told_from_other_words(browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 600, "height": 600})

    def picture(style: str, words: str) -> bytes:
        page.set_content(f"<body style='margin:40px;font:16px sans-serif;{style}'>{f'<p>{words}</p>' * 12}")
        return page.screenshot()

    kept = picture("", "苏州明达精密制造有限公司 2026-01-31")
    assert unlike(kept, kept) == 0
    assert unlike(kept, picture("", "常州启元新材料股份公司 2025-12-02")) < TOLERANCE
    assert unlike(kept, picture("background:#111;color:#eee", "苏州明达精密制造有限公司 2026-01-31")) > 0.9
    assert unlike(kept, picture("margin-left:300px", "苏州明达精密制造有限公司 2026-01-31")) > TOLERANCE
    page.close()
