"""Small pictures of big ones, for lists and the phone."""

import io
from typing import BinaryIO

from PIL import ExifTags, Image, UnidentifiedImageError

from chengdan.store.files.errors import ImageDamaged, ImageTooLarge

THUMBNAIL_TYPE = "image/webp"
MAX_SIDE = 320
MAX_PIXELS = 40_000_000

_FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "AVIF")
_QUALITY = 80
_SHRINKABLE = ("RGB", "RGBA", "L", "LA")
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def thumbnail(source: BinaryIO) -> bytes | None:
    """A WebP of at most 320 pixels a side, upright, without the metadata of the original; None for what isn't an image.

    The first frame of an animation is taken. Raises `ImageTooLarge` over 40 megapixels (JPEG: 179, since it is unpacked at an eighth), before unpacking, and
    `ImageDamaged`.
    """
    try:
        return _shrunk(source)
    except UnidentifiedImageError:
        return None
    except (ImageTooLarge, ImageDamaged):
        raise
    except Exception as failure:
        # A damaged image makes its decoder raise almost any class, from SyntaxError to struct.error.
        raise ImageDamaged from failure


def _shrunk(source: BinaryIO) -> bytes:
    try:
        image = Image.open(source, formats=_FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise ImageTooLarge(
            megapixels=f"> {MAX_PIXELS // 1_000_000}", limit=MAX_PIXELS // 1_000_000
        ) from None
    with image:
        image.draft("RGB", (2 * MAX_SIDE, 2 * MAX_SIDE))
        pixels = image.width * image.height
        if pixels > MAX_PIXELS:
            raise ImageTooLarge(megapixels=pixels // 1_000_000, limit=MAX_PIXELS // 1_000_000)
        orientation = image.getexif().get(ExifTags.Base.Orientation, 1)
        small: Image.Image = image
        if image.mode not in _SHRINKABLE:
            small = image.convert("RGBA" if image.has_transparency_data else "RGB")
        small.thumbnail((MAX_SIDE, MAX_SIDE))
        turn = _TURNS.get(orientation)
        upright = small if turn is None else small.transpose(turn)
        output = io.BytesIO()
        upright.save(output, "WEBP", quality=_QUALITY, exif=b"", icc_profile=None)
    return output.getvalue()
