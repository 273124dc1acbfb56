"""Pages of PDFs as pictures, for looking at a document without opening it."""

import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from chengdan.store.files.errors import PagesUnreadable

PDF_TYPE = "application/pdf"
PAGE_TYPE = "image/webp"
MAX_SIDE = 1600
TIMEOUT_SECONDS = 20
_RENDERER = Path(__file__).with_name("page_renderer.py")
_AT_ONCE = threading.BoundedSemaphore(2)


@dataclass(frozen=True, slots=True)
class Pages:
    """How many pages a document has, and the picture (WebP) of the one that was asked for; empty when there is no such page."""

    count: int
    picture: bytes = b""


def pages(source: BinaryIO, page: int = 0) -> Pages:
    """Look into a PDF: count its pages and draw `page` (from 1 on; 0 draws none).

    Done by another process with bounds on memory and time, at most two at once. Raises PagesUnreadable.
    """
    with source:
        content = source.read()
    with _AT_ONCE:
        try:
            done = subprocess.run(
                [sys.executable, "-I", str(_RENDERER), str(page), str(MAX_SIDE)],
                input=content,
                capture_output=True,
                timeout=TIMEOUT_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise PagesUnreadable from None
    if done.returncode != 0 or len(done.stdout) < 4:
        raise PagesUnreadable
    return Pages(int.from_bytes(done.stdout[:4], "big"), done.stdout[4:])
