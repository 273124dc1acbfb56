"""Looks at a scan, as a program of its own: `python scan_reader.py < file > json`.

Scans come from anybody and decoders are native code, so it runs apart from the server, with bounds on memory and time. For
each page it writes the size, how strong and sharp it is, the codes found, and beside each code how much ink there is where
a form is signed. Exits with 3 for what can't be read.
"""

import io
import json
import resource
import sys
from collections.abc import Iterator
from typing import Any

import pypdfium2
import zxingcpp
from PIL import Image, ImageChops, ImageFilter, ImageOps, ImageStat

MEMORY_BYTES = 2 << 30
CPU_SECONDS = 40
UNREADABLE = 3
MAX_PAGES = 12
MAX_PIXELS = 60_000_000
DOTS_PER_POINT = 200 / 72
LONGEST = 3_600
"""Pixels a side: what a page is scaled down to."""
BOX_PIXELS = (900, 260)
_INSET = 0.06
_INK_STEP = 38
"""How much darker than the paper around it a pixel must be to count as ink, of 255."""
Point = tuple[float, float]


def main(box: tuple[float, float, float, float], side: float) -> int:
    """Read the file from standard input, write the answer to standard output. `box` and `side` as in `kernel/template.py`."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    try:
        pages = [looked_at(page, box, side) for page in pictures(sys.stdin.buffer.read())]
    except (pypdfium2.PdfiumError, OSError, MemoryError, ValueError, Image.DecompressionBombError):
        return UNREADABLE
    json.dump(pages, sys.stdout)
    return 0


def pictures(content: bytes) -> Iterator[Image.Image]:
    """The pages in grey, upright as the camera meant them."""
    if content[:5] == b"%PDF-":
        document = pypdfium2.PdfDocument(content)
        for index in range(min(len(document), MAX_PAGES)):
            page = document[index]
            longest = max(page.get_width(), page.get_height(), 1.0)
            scale = min(DOTS_PER_POINT, LONGEST / longest)
            yield page.render(scale=scale, grayscale=True).to_pil().convert("L")
        return
    picture = ImageOps.exif_transpose(Image.open(io.BytesIO(content))).convert("L")
    picture.thumbnail((LONGEST, LONGEST))
    yield picture


def looked_at(page: Image.Image, box: tuple[float, float, float, float], side: float) -> dict[str, Any]:
    """What there is to say of one page."""
    small = page.copy()
    small.thumbnail((1_200, 1_200))
    found = zxingcpp.read_barcodes(page, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
    return {
        "width": page.width,
        "height": page.height,
        "contrast": ImageStat.Stat(small).stddev[0],
        "sharpness": ImageStat.Stat(ImageOps.crop(small.filter(ImageFilter.FIND_EDGES), 4)).stddev[0],
        "codes": [{"text": code.text, **signed_at(page, corners(code), box, side)} for code in found[:20]],
        "foot": ink(page.crop((0, int(page.height * 0.7), page.width, page.height)))["share"],
    }


def corners(code: Any) -> list[Point]:
    """The corners of a code: left upper, right upper, right lower, left lower, as the code itself is turned."""
    at = code.position
    return [(p.x, p.y) for p in (at.top_left, at.top_right, at.bottom_right, at.bottom_left)]


def signed_at(
    page: Image.Image, code: list[Point], box: tuple[float, float, float, float], side: float
) -> dict[str, float]:
    """How much ink there is in the box, which lies `box` millimetres from a code of `side` millimetres."""
    left, top, width, height = box
    inset_x, inset_y = width * _INSET, height * _INSET
    edges = (left + inset_x, top + inset_y, left + width - inset_x, top + height - inset_y)
    onto = plane(code, side)
    north_west, south_west, south_east, north_east = (
        onto(edges[x], edges[y]) for x, y in ((0, 1), (0, 3), (2, 3), (2, 1))
    )
    outline = (*north_west, *south_west, *south_east, *north_east)
    cut = page.transform(BOX_PIXELS, Image.Transform.QUAD, outline, Image.Resampling.BILINEAR, fillcolor=255)
    pixels = abs(north_east[0] - north_west[0]) + abs(north_east[1] - north_west[1])
    return {**ink(cut), "pixels": pixels}


def plane(code: list[Point], side: float) -> Any:
    """From millimetres (the code's left upper corner is the origin) to pixels; a code seen askew gives the mean of its sides."""
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = code
    right = ((x1 - x0 + x2 - x3) / 2 / side, (y1 - y0 + y2 - y3) / 2 / side)
    down = ((x3 - x0 + x2 - x1) / 2 / side, (y3 - y0 + y2 - y1) / 2 / side)
    middle = ((x0 + x1 + x2 + x3) / 4, (y0 + y1 + y2 + y3) / 4)

    def onto(x: float, y: float) -> Point:
        x, y = x - side / 2, y - side / 2
        return middle[0] + x * right[0] + y * down[0], middle[1] + x * right[1] + y * down[1]

    return onto


def ink(picture: Image.Image) -> dict[str, float]:
    """The share of the picture that is ink, and how wide and high it reaches, as shares of the picture."""
    picture = picture.copy()
    picture.thumbnail(BOX_PIXELS)
    paper = picture.filter(ImageFilter.MaxFilter(9)).filter(ImageFilter.GaussianBlur(24))
    darker = ImageChops.subtract(paper, picture.filter(ImageFilter.MedianFilter(3)))
    marks = darker.point(lambda step: 255 if step > _INK_STEP else 0)
    reach = marks.getbbox() or (0, 0, 0, 0)
    return {
        "share": ImageStat.Stat(marks).mean[0] / 255,
        "wide": (reach[2] - reach[0]) / picture.width,
        "high": (reach[3] - reach[1]) / picture.height,
    }


if __name__ == "__main__":
    numbers = [float(text) for text in sys.argv[1:6]]
    sys.exit(main((numbers[0], numbers[1], numbers[2], numbers[3]), numbers[4]))
