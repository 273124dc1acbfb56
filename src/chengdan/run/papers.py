"""Papers that come back signed: is the scan readable, is it the form that was asked for, and is there ink where one signs?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO
from uuid import UUID

from chengdan.base.errors import ChengdanError
from chengdan.kernel.formcode import FormCode, read_code
from chengdan.kernel.pipeline import Deliverable
from chengdan.kernel.snapshot import Snapshot
from chengdan.run.documents import Sheet, read_scan

LEAST_PIXELS = 640
"""Of a page's shorter side: below it handwriting can't be told from dirt."""
LEAST_BOX_PIXELS = 160
LEAST_CONTRAST = 5.0
LEAST_SHARPNESS = 11.0
LEAST_INK = 0.004
LEAST_REACH = 0.1
"""How much of the signature box ink must cover, and how wide it must reach, to be a signature."""
LEAST_FOOT_INK = 0.012
"""Where no form is known: ink in the lower third of the last page."""


class ScanTooSmall(ChengdanError):
    code = "SCAN-002"
    status = 422
    zh = "图片太小（{width}×{height} 像素），看不清签字。"
    en = "The picture is too small ({width} × {height} pixels) to see a signature."
    hint_zh = "请整页拍摄或按 200 dpi 扫描后重新上传。"
    hint_en = "Photograph the whole page, or scan it at 200 dpi, and upload it again."


class ScanTooFaint(ChengdanError):
    code = "SCAN-003"
    status = 422
    zh = "图片几乎是空白的，看不清内容。"
    en = "The picture is almost blank."
    hint_zh = "请在光线充足处重新拍摄，或加深扫描。"
    hint_en = "Take it again in good light, or scan it darker."


class ScanBlurred(ChengdanError):
    code = "SCAN-004"
    status = 422
    zh = "图片模糊，看不清内容。"
    en = "The picture is blurred."
    hint_zh = "请对焦后重新拍摄整页。"
    hint_en = "Take the whole page again, in focus."


class AnotherForm(ChengdanError):
    """A form, but for something else."""

    code = "SCAN-005"
    status = 422
    zh = "这不是《{wanted}》，而是《{found}》。"
    en = "This is not the form “{wanted}” but “{found}”."
    hint_zh = "请上传对应的表单。"
    hint_en = "Upload the form that belongs here."


class AnotherRecord(ChengdanError):
    code = "SCAN-006"
    status = 422
    zh = "这份《{wanted}》属于另一条记录。"
    en = "This form “{wanted}” belongs to another record."
    hint_zh = "请核对后上传这条记录的表单。"
    hint_en = "Check it, and upload the form of this record."


class PagesMissing(ChengdanError):
    code = "SCAN-007"
    status = 422
    zh = "表单共 {count} 页，缺第 {missing} 页。"
    en = "The form has {count} pages; missing: {missing}."
    hint_zh = "请把所有页扫描成一个 PDF 后上传。"
    hint_en = "Scan all pages into one PDF and upload it."


class PagesDiffer(ChengdanError):
    """Pages that were printed at different times, and say different things."""

    code = "SCAN-008"
    status = 422
    zh = "各页出自内容不同的几份《{wanted}》。"
    en = "The pages are from copies of “{wanted}” that say different things."
    hint_zh = "请重新下载表单，整份签字后扫描上传。"
    hint_en = "Download the form again, have the whole of it signed, and upload its scan."


@dataclass(frozen=True, slots=True)
class Looked:
    """What a scan shows: whether there is a signature, whether its form is known by its code, and its content's fingerprint."""

    found: bool
    known: bool
    fingerprint: str = ""


def look(snapshot: Snapshot, item: Deliverable, record: UUID, source: BinaryIO) -> Looked:
    """Look at a scan that is to prove `item` for `record`.

    Raises ScanUnreadable, ScanTooSmall, ScanTooFaint, ScanBlurred, AnotherForm, AnotherRecord, PagesDiffer,
    PagesMissing.
    """
    sheets = read_scan(source)
    codes = [(code, mark) for sheet in sheets for mark in sheet.codes if (code := read_code(mark.text))]
    if not codes:
        _readable(sheets)
        foot = sheets[-1].foot if sheets else 0.0
        return Looked(found=not item.template and foot >= LEAST_FOOT_INK, known=False)
    _fits(snapshot, item, record, [code for code, _ in codes])
    last = codes[0][0].pages
    ink = next(mark for code, mark in codes if code.page == last)
    if ink.pixels < LEAST_BOX_PIXELS:
        raise ScanTooSmall(path="file", width=sheets[0].width, height=sheets[0].height)
    if max(sheet.contrast for sheet in sheets) < LEAST_CONTRAST:
        raise ScanTooFaint(path="file")
    found = ink.share >= LEAST_INK and ink.wide >= LEAST_REACH
    return Looked(found, known=True, fingerprint=codes[0][0].fingerprint)


def _readable(sheets: Sequence[Sheet]) -> None:
    """Whether a page without a code would show what is on it."""
    for sheet in sheets:
        if min(sheet.width, sheet.height) < LEAST_PIXELS:
            raise ScanTooSmall(path="file", width=sheet.width, height=sheet.height)
        if sheet.contrast < LEAST_CONTRAST:
            raise ScanTooFaint(path="file")
        if sheet.sharpness < LEAST_SHARPNESS:
            raise ScanBlurred(path="file")


def _fits(snapshot: Snapshot, item: Deliverable, record: UUID, codes: Sequence[FormCode]) -> None:
    """Whether all pages are of the form that was asked for, of one copy of it, and none is missing."""
    label = snapshot.templates[item.template].label if item.template in snapshot.templates else item.label
    for code in codes:
        if code.template != item.template or code.deliverable not in ("", item.name):
            other = snapshot.templates.get(code.template)
            found = other.label if other and code.template != item.template else code.deliverable
            raise AnotherForm(path="file", wanted=label, found=found)
        if code.record != record:
            raise AnotherRecord(path="file", wanted=label)
    if len({(code.fingerprint, code.pages) for code in codes}) > 1:
        raise PagesDiffer(path="file", wanted=label)
    count = codes[0].pages
    missing = sorted({*range(1, count + 1)} - {code.page for code in codes})
    if missing:
        raise PagesMissing(path="file", count=count, missing=", ".join(map(str, missing)))
