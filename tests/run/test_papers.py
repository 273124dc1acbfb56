"""Papers that come back: which scans show a signature, which don't, and which are not what was asked for."""

import math
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from uuid import UUID

import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from chengdan.base.errors import ChengdanError
from chengdan.kernel.filling import Filled
from chengdan.kernel.formcode import FormCode
from chengdan.kernel.pipeline import Deliverable
from chengdan.kernel.template import Paper
from chengdan.run.documents import FONT, Sealer, inspect_seals, set_form
from chengdan.run.documents.seal import NotSealed
from chengdan.run.papers import Looked, look
from chengdan.run.strokes import NotASignature, draw, read_strokes
from tests.sales.manifests import snapshot

pytestmark = pytest.mark.skipif(not FONT.is_file(), reason="the page isn't built: make ui")
RECORD = UUID(int=0xF00)
CONTENT = "0123456789abcdef"
WAVE = [[[0.2 + 0.5 * t / 40, 0.5 + 0.3 * math.sin(t / 2)] for t in range(41)]]
Picture = Image.Image


def item() -> Deliverable:
    pipeline = snapshot().pipeline_of("opportunity")
    found = pipeline.deliverable("pain_form") if pipeline else None
    assert found is not None
    return found


@cache
def form(
    template: str = "pain_confirmation", record: UUID = RECORD, height: int = 30, content: str = CONTENT
) -> bytes:
    section: dict[str, object] = {
        "kind": "box",
        "title": None,
        "text": None,
        "rows": 0,
        "options": [],
        "columns": [],
        "height": height,
    }
    filled = Filled("表", None, (section, section), "客户签字")

    def code(page: int, pages: int) -> str:
        return FormCode(template, record, "pain_form", content, page, pages).text()

    now = datetime(2026, 3, 2, tzinfo=UTC)
    return set_form(filled, Paper.A4, code, number="N-1", company="华辰", locale="zh-CN", now=now)


def printed(content: bytes, page: int = 0) -> Picture:
    document = pypdfium2.PdfDocument(content)
    picture: Picture = document[page % len(document)].render(scale=150 / 72).to_pil().convert("L")
    return picture


@cache
def blank(page: int = -1, height: int = 30) -> Picture:
    return printed(form(height=height), page)


def signed(picture: Picture, shade: int = 40) -> Picture:
    written, mm = picture.copy(), picture.width / 210
    line = [((85 + 60 * x) * mm, (262 + 20 * y) * mm) for x, y in WAVE[0]]
    ImageDraw.Draw(written).line(line, fill=shade, width=3)
    return written


def photographed(picture: Picture) -> Picture:
    """Askew, unevenly lit and a little soft."""
    wide, high = picture.size
    light = Image.linear_gradient("L").resize(picture.size).point(lambda step: 150 + step * 100 // 255)
    outline = (
        -0.06 * wide,
        -0.03 * high,
        0.02 * wide,
        1.03 * high,
        1.06 * wide,
        0.99 * high,
        0.97 * wide,
        0.06 * high,
    )
    askew = ImageChops.multiply(picture, light).transform(
        picture.size, Image.Transform.QUAD, outline, Image.Resampling.BICUBIC, fillcolor=90
    )
    return askew.filter(ImageFilter.GaussianBlur(0.6))


def seen(*pictures: Picture, as_pdf: bool = False) -> Looked:
    content = BytesIO()
    if as_pdf:
        pictures[0].save(content, "PDF", save_all=True, append_images=pictures[1:], resolution=150)
    else:
        pictures[0].save(content, "JPEG", quality=70)
    content.seek(0)
    return look(snapshot(), item(), RECORD, content)


LOOKS: dict[str, Callable[[Picture], Picture]] = {
    "scanned": lambda picture: picture,
    "upside down": lambda picture: picture.rotate(180),
    "slanted": lambda picture: picture.rotate(4, expand=True, fillcolor=255),
    "photographed": photographed,
}


@pytest.mark.parametrize("look_", LOOKS.values(), ids=LOOKS)
def test_a_signature_is_found_where_there_is_one_and_only_there(look_: Callable[[Picture], Picture]) -> None:
    assert seen(look_(signed(blank()))) == Looked(True, True, CONTENT)
    assert seen(look_(blank())) == Looked(False, True, CONTENT)


def test_a_faint_pen_is_found_and_a_speck_is_no_signature() -> None:
    speck = blank().copy()
    ImageDraw.Draw(speck).ellipse((600, 1590, 606, 1596), fill=0)

    assert seen(signed(blank(), shade=120)).found
    assert not seen(speck).found


def refusal(*pictures: Picture, record: UUID = RECORD, as_pdf: bool = False) -> str:
    with pytest.raises(ChengdanError) as refused:
        seen(*pictures, as_pdf=as_pdf)
    return refused.value.code


def drawn(template: str = "pain_confirmation", record: UUID = RECORD) -> Picture:
    return printed(form(template, record))


def test_what_cannot_be_read_or_is_another_paper_is_refused_with_the_reason() -> None:
    assert refusal(signed(drawn(record=UUID(int=1)))) == "SCAN-006"
    assert refusal(signed(drawn(template="contract"))) == "SCAN-005"
    assert refusal(signed(blank()).resize((300, 424))) == "SCAN-002"
    assert refusal(signed(blank()).filter(ImageFilter.GaussianBlur(12))) == "SCAN-004"
    assert refusal(Image.new("L", (1200, 1700), 250)) == "SCAN-003"


def test_a_form_whose_code_is_cut_off_is_asked_about() -> None:
    cut = signed(blank()).crop((0, 0, int(blank().width * 0.82), blank().height))

    assert seen(cut) == Looked(False, False)


def test_all_pages_of_a_form_must_be_there() -> None:
    first, last = blank(0, 200), signed(blank(-1, 200))

    assert refusal(last) == "SCAN-007"
    assert seen(first, last, as_pdf=True) == Looked(True, True, CONTENT)


def test_a_page_that_was_signed_under_other_words_proves_nothing() -> None:
    """The new first page before the old last one, which is signed."""
    changed = printed(form(height=200, content="fedcba98"), 0)

    assert refusal(changed, signed(blank(-1, 200)), as_pdf=True) == "SCAN-008"


def test_what_is_no_scan_is_refused() -> None:
    for content in (b"", b"%PDF-1.7 broken", b"\x89PNG\r\n\x1a\n broken"):
        with pytest.raises(ChengdanError) as refused:
            look(snapshot(), item(), RECORD, BytesIO(content))
        assert refused.value.code == "SCAN-001"


def test_a_sealed_document_begins_with_what_was_shown_and_shows_any_change(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    sealer, now = Sealer(tmp_path_factory.mktemp("keys") / "deep"), datetime.now(UTC)
    written = draw(read_strokes(WAVE), "王敏 2026-03-02", FONT)
    sealed = sealer.seal(form(), written, (210, 297), "王敏", now)
    [report] = inspect_seals(sealed.content, [sealed.certificate])

    assert sealed.content.startswith(form())
    assert (report.signer, report.intact, report.ours, len(report.shown)) == ("王敏", True, True, 64)
    assert [one.ours for one in inspect_seals(sealed.content, [])] == [False]
    for at in (900, len(form()) + 60):
        changed = bytearray(sealed.content)
        changed[at] ^= 1
        assert not inspect_seals(bytes(changed), [sealed.certificate])[0].intact
    with pytest.raises(NotSealed):
        inspect_seals(form(), [])


@pytest.mark.parametrize(
    "strokes",
    [
        [],
        [[]],
        [[[0.5, 0.5]]],
        [[[0.5, 0.5], [0.55, 0.5]]],
        [[[0, 0], [2, 0]]],
        [["x"]],
        [5],
        [[[0, 0], [1, 1]]] * 201,
    ],
)
def test_a_slip_of_the_finger_is_no_signature(strokes: list[object]) -> None:
    with pytest.raises(NotASignature):
        read_strokes(strokes)
