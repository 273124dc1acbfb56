"""Forms as PDF, set by Typst. What a form says goes in as data; nothing of it is read as Typst, and no file is within reach."""

import io
import json
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from pathlib import Path

import pypdfium2
import segno
import typst

from chengdan.base.errors import ChengdanError, Locale
from chengdan.base.label import Label
from chengdan.kernel.filling import Filled
from chengdan.kernel.template import BOTTOM, CODE_SIDE, MARGIN, SIGNATURE, SIZES, Paper

FONTS = Path(__file__).resolve().parents[2] / "static" / "fonts"
FONT = FONTS / "NotoSansSC-Regular.ttf"
MAX_PAGES = 12
ROW_MM = 12
_FOOT = Label(
    "本表由系统按记录生成。填写后请完整扫描，勿遮挡右下角二维码。",
    "Made from the record. Scan the whole page and leave the code in the corner uncovered.",
)


class FontMissing(ChengdanError):
    """The page's build, which brings the font, was left out."""

    code = "FORM-002"
    status = 503
    zh = "缺少文档字体，无法生成 PDF。"
    en = "The font for documents is missing; no PDF can be made."
    hint_zh = "运行 make ui，或重新安装。"
    hint_en = "Run make ui, or install again."


class FormTooLong(ChengdanError):
    code = "FORM-003"
    status = 422
    zh = "表单超过 {limit} 页。"
    en = "The form is longer than {limit} pages."
    hint_zh = "请缩短模板。"
    hint_en = "Shorten the template."


def set_form(
    filled: Filled,
    paper: Paper,
    code: Callable[[int, int], str],
    *,
    number: str,
    company: str,
    locale: Locale,
    now: datetime,
) -> bytes:
    """The form as PDF; `code(page, pages)` is what stands in the code of a page. Raises FontMissing, FormTooLong."""
    pages = 1
    for _ in range(3):
        codes = [_drawn(code(page + 1, pages)) for page in range(pages)]
        content = _compiled(_described(filled, paper, codes, number, company, locale), now)
        needed = len(pypdfium2.PdfDocument(content))
        if needed > MAX_PAGES:
            raise FormTooLong(limit=MAX_PAGES)
        if needed == pages:
            return content
        pages = needed
    return content


def _described(
    filled: Filled, paper: Paper, codes: list[str], number: str, company: str, locale: Locale
) -> str:
    width, height = SIZES[paper]
    box = {"width": SIGNATURE.width, "height": SIGNATURE.height, "gap": -SIGNATURE.x - SIGNATURE.width}
    described = {
        **asdict(filled),
        "signature": {"label": filled.signature} if filled.signature else None,
        "width": width,
        "height": height,
        "margin": MARGIN,
        "bottom": BOTTOM,
        "row": ROW_MM,
        "code": {"side": CODE_SIDE, "box": box},
        "codes": codes,
        "foot": _FOOT.text(locale),
        "number": number,
        "company": company,
        "lang": "zh" if locale == "zh-CN" else "en",
    }
    return json.dumps(described, ensure_ascii=False)


def _compiled(form: str, now: datetime) -> bytes:
    nowhere = _nowhere()
    content = typst.compile(  # type: ignore[call-overload]
        input=_layout(),
        root=nowhere,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"form": form},
        package_path=nowhere,
        package_cache_path=nowhere,
        format="pdf",
        timestamp=now.astimezone(UTC).replace(microsecond=0),
    )
    assert isinstance(content, bytes)
    return content


@cache
def _layout() -> bytes:
    return resources.files("chengdan.run.documents").joinpath("form.typ").read_bytes()


@cache
def _nowhere() -> str:
    """An empty folder: all that Typst might read files and packages from."""
    return tempfile.mkdtemp(prefix="chengdan-typst-")


@cache
def _fonts() -> typst.Fonts:
    if not FONT.is_file():
        raise FontMissing()
    return typst.Fonts(include_system_fonts=False, font_paths=[str(FONTS)])


def _drawn(text: str) -> str:
    """A QR code as SVG."""
    drawing = io.BytesIO()
    segno.make(text, error="m", micro=False).save(drawing, kind="svg", border=0, xmldecl=False, svgns=True)
    return drawing.getvalue().decode()
