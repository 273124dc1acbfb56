"""How like two pictures of a page are: by their patches, so that another name or date is no difference but another layout is."""

import io

from PIL import Image, ImageChops

PATCH = 24
"""The side of a patch in pixels: about a line of text."""
STEP = 26
"""How far the mean colour of a patch may move (of 255)."""


def unlike(kept: bytes, taken: bytes) -> float:
    """The share of patches that look different, from 0 to 1; 1 for pictures of different sizes."""
    before, after = (Image.open(io.BytesIO(picture)).convert("RGB") for picture in (kept, taken))
    if before.size != after.size:
        return 1.0
    patches = (max(1, before.width // PATCH), max(1, before.height // PATCH))
    pair = [picture.resize(patches, Image.Resampling.BOX) for picture in (before, after)]
    red, green, blue = ImageChops.difference(*pair).split()
    furthest = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    moved = sum(furthest.histogram()[STEP + 1 :])
    return moved / (patches[0] * patches[1])


def small(picture: bytes, quality: int = 80) -> bytes:
    """The picture as WebP, as it is kept."""
    kept = io.BytesIO()
    Image.open(io.BytesIO(picture)).convert("RGB").save(kept, "WEBP", quality=quality, method=6)
    return kept.getvalue()
