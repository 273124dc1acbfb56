"""Draw the icons of the installed page from its mark, a tick on jade: `python tools/icons.py` writes ui/public/icons."""

import sys
from pathlib import Path

from PIL import Image, ImageDraw

FOLDER = Path(__file__).resolve().parent.parent / "ui" / "public" / "icons"
JADE, WHITE = (29, 122, 98, 255), (255, 255, 255, 255)
GRID = 32
TICK = ((8.5, 16.8), (13.4, 21.7), (23.8, 10.6))
STROKE = 3.2
FINER = 8


def main() -> int:
    """Write all icons; 0 when done."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for size in (192, 512):
        icon(size, radius=8).save(FOLDER / f"icon-{size}.png", optimize=True)
    icon(512, radius=0, scale=0.78).save(FOLDER / "maskable-512.png", optimize=True)
    icon(180, radius=0, scale=0.92).save(FOLDER / "apple-180.png", optimize=True)
    return 0


def icon(size: int, *, radius: float, scale: float = 1.0) -> Image.Image:
    """The mark at `size` pixels; `radius` rounds its corners and `scale` shrinks the tick, both on a grid of 32."""
    large = size * FINER
    unit = large / GRID
    image = Image.new("RGBA", (large, large), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((0, 0, large - 1, large - 1), radius * unit, fill=JADE)
    centre = GRID / 2
    points = [tuple((centre + (part - centre) * scale) * unit for part in point) for point in TICK]
    width = STROKE * scale * unit
    draw.line(points, fill=WHITE, width=round(width), joint="curve")
    for x, y in points:
        draw.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), fill=WHITE)
    return image.resize((size, size), Image.Resampling.LANCZOS)


if __name__ == "__main__":
    sys.exit(main())
