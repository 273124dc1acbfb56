"""Scans of forms: what can be seen on each page. Looking is done by another process with bounds on memory and time."""

import json
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from chengdan.base.errors import ChengdanError
from chengdan.kernel.template import CODE_SIDE, SIGNATURE

TIMEOUT_SECONDS = 60
MAX_BYTES = 40_000_000
_READER = Path(__file__).with_name("scan_reader.py")
_AT_ONCE = threading.BoundedSemaphore(2)
_PLACE = [str(number) for number in (SIGNATURE.x, SIGNATURE.y, SIGNATURE.width, SIGNATURE.height, CODE_SIDE)]


class ScanUnreadable(ChengdanError):
    """A file that can't be looked at: broken, protected, too large, or no picture."""

    code = "SCAN-001"
    status = 422
    zh = "这个文件打不开，无法核对签字。"
    en = "This file can't be opened, so its signature can't be checked."
    hint_zh = "请上传清晰的图片（JPG、PNG）或未加密的 PDF。"
    hint_en = "Upload a clear picture (JPG, PNG) or a PDF without a password."


@dataclass(frozen=True, slots=True)
class Mark:
    """A code on a page, and the ink where a form with it is signed: as a share of the box, and how far it reaches.

    `pixels` is how wide the box is on the scan.
    """

    text: str
    share: float
    wide: float
    high: float
    pixels: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page: its size in pixels, how strong and how sharp it is, its codes, and the share of ink in its lower third."""

    width: int
    height: int
    contrast: float
    sharpness: float
    codes: tuple[Mark, ...]
    foot: float


def read_scan(source: BinaryIO) -> list[Sheet]:
    """The pages of an image or PDF. Raises ScanUnreadable."""
    content = source.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise ScanUnreadable()
    with _AT_ONCE:
        try:
            done = subprocess.run(
                [sys.executable, "-I", str(_READER), *_PLACE],
                input=content,
                capture_output=True,
                timeout=TIMEOUT_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise ScanUnreadable() from None
    if done.returncode != 0:
        raise ScanUnreadable()
    pages = json.loads(done.stdout)
    return [Sheet(**{**page, "codes": tuple(Mark(**code) for code in page["codes"])}) for page in pages]
