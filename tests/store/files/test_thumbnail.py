"""Thumbnails: small, upright, without the place a photo was taken at, and never the end of the server."""

import io
import struct
import zlib

import pytest
from PIL import Image

from chengdan.store.files import thumbnail
from chengdan.store.files.errors import ImageDamaged, ImageTooLarge

GPS = 0x8825
ORIENTATION = 0x0112


def encoded(image: Image.Image, kind: str, **options: object) -> io.BytesIO:
    output = io.BytesIO()
    image.save(output, kind, **options)
    output.seek(0)
    return output


def opened(content: bytes | None) -> Image.Image:
    assert content is not None
    return Image.open(io.BytesIO(content))


def png_of_claimed_size(width: int, height: int) -> io.BytesIO:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    content = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 100))
        + chunk(b"IEND", b"")
    )
    return io.BytesIO(content)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF"])
def test_shrinks_every_usual_format(kind: str) -> None:
    small = opened(thumbnail(encoded(Image.new("RGB", (1600, 800), "red"), kind)))

    assert (small.format, small.size) == ("WEBP", (320, 160))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16"])
def test_shrinks_every_usual_mode(mode: str) -> None:
    small = opened(thumbnail(encoded(Image.new(mode, (640, 320)), "TIFF")))

    assert small.size == (320, 160)


def test_keeps_a_small_image_at_its_size() -> None:
    assert opened(thumbnail(encoded(Image.new("RGB", (20, 10)), "PNG"))).size == (20, 10)


def test_turns_a_photo_upright_and_forgets_where_it_was_taken() -> None:
    photo = Image.new("RGB", (640, 320), "blue")
    photo.paste("red", (0, 0, 320, 320))
    exif = photo.getexif()
    exif[ORIENTATION] = 6
    exif.get_ifd(GPS)[2] = (31.0, 14.0, 0.0)

    small = opened(thumbnail(encoded(photo, "JPEG", exif=exif, quality=95))).convert("RGB")

    assert small.size == (160, 320)
    assert small.getpixel((80, 20)) == pytest.approx((254, 0, 0), abs=8)
    assert small.getpixel((80, 300)) == pytest.approx((0, 0, 254), abs=8)
    assert dict(small.getexif()) == {}


def test_takes_the_first_frame_of_an_animation() -> None:
    frames = [Image.new("RGB", (64, 64), colour) for colour in ("red", "blue")]

    small = opened(thumbnail(encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])))

    assert getattr(small, "n_frames", 1) == 1
    assert small.convert("RGB").getpixel((5, 5)) == pytest.approx((254, 0, 0), abs=8)


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("side", [7_000, 12_000, 60_000])
def test_refuses_a_decompression_bomb_before_unpacking(side: int) -> None:
    with pytest.raises(ImageTooLarge) as refusal:
        thumbnail(png_of_claimed_size(side, side))

    assert refusal.value.data["limit"] == 40


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF"])
def test_says_that_an_image_is_damaged(kind: str) -> None:
    whole = encoded(Image.effect_noise((300, 300), 50), kind).getvalue()

    with pytest.raises(ImageDamaged):
        thumbnail(io.BytesIO(whole[: len(whole) // 2]))


@pytest.mark.parametrize("content", [b"", b"plain words", b"%PDF-1.7", b"%!PS-Adobe-3.0 EPSF-3.0\n"])
def test_other_files_have_none(content: bytes) -> None:
    assert thumbnail(io.BytesIO(content)) is None


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_a_huge_photo_is_unpacked_small() -> None:
    photo = encoded(Image.new("L", (10_000, 10_000)), "JPEG")

    assert opened(thumbnail(photo)).size == (320, 320)
