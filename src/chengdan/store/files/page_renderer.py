"""Draws a page of a PDF, as a program of its own: `python page_renderer.py PAGE SIDE < document > picture`.

PDFs come from anybody and PDFium is native code, so it runs apart from the server, with bounds on memory and time. Writes the
number of pages (four bytes) and, for a page from 1 on, a WebP of at most SIDE pixels a side. Exits with 3 for what is no PDF.
"""

import io
import resource
import sys

import pypdfium2

MEMORY_BYTES = 1 << 30
CPU_SECONDS = 10
UNREADABLE = 3
_QUALITY = 82
_MOST_SCALE = 3.0


def main(page: int, side: int) -> int:
    """Read the document from standard input, write the answer to standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    try:
        document = pypdfium2.PdfDocument(sys.stdin.buffer.read())
        document.init_forms()
        count = len(document)
        picture = drawn(document, page, side) if 1 <= page <= count else b""
    except (pypdfium2.PdfiumError, MemoryError, ValueError):
        return UNREADABLE
    sys.stdout.buffer.write(count.to_bytes(4, "big") + picture)
    return 0


def drawn(document: pypdfium2.PdfDocument, page: int, side: int) -> bytes:
    """A page as WebP, neither of its sides longer than `side` pixels."""
    sheet = document[page - 1]
    longest = max(sheet.get_width(), sheet.get_height(), 1.0)
    image = sheet.render(scale=min(side / longest, _MOST_SCALE)).to_pil()
    output = io.BytesIO()
    image.convert("RGB").save(output, "WEBP", quality=_QUALITY)
    return output.getvalue()


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
