"""Handwriting from a touch screen: strokes of points, checked and drawn."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from chengdan.base.errors import ChengdanError

MAX_STROKES = 200
MAX_POINTS = 8_000
LEAST_REACH = 0.12
"""How far a signature must reach, as a share of the pad's width: less is a slip of the finger."""
_WIDTH, _HEIGHT = 1_440, 416
_PEN = 13
_INK, _QUIET = (22, 34, 92, 255), (94, 106, 100, 255)
_CAPTION = 40
Stroke = Sequence[tuple[float, float]]


class NotASignature(ChengdanError):
    code = "SIGN-003"
    status = 422
    zh = "请在签名处完整书写。"
    en = "Please write your signature in the box."


def read_strokes(given: Any) -> list[Stroke]:
    """Strokes as they are sent: lists of [x, y], each from 0 to 1 of the pad. Raises NotASignature."""
    if not isinstance(given, list) or not 1 <= len(given) <= MAX_STROKES:
        raise NotASignature(path="strokes")
    strokes: list[Stroke] = [
        [_point(point) for point in stroke] for stroke in given if isinstance(stroke, list)
    ]
    points = [point for stroke in strokes for point in stroke]
    if not 2 <= len(points) <= MAX_POINTS or len(strokes) != len(given):
        raise NotASignature(path="strokes")
    if max(x for x, _ in points) - min(x for x, _ in points) < LEAST_REACH:
        raise NotASignature(path="strokes")
    return strokes


def _point(given: Any) -> tuple[float, float]:
    if isinstance(given, list) and len(given) == 2:
        x, y = (
            float(part) if isinstance(part, (int, float)) or hasattr(part, "as_tuple") else -1.0
            for part in given
        )
        if 0 <= x <= 1 and 0 <= y <= 1:
            return x, y
    raise NotASignature(path="strokes")


def draw(strokes: Sequence[Stroke], caption: str, font: Path) -> Image.Image:
    """The strokes on a clear ground, in the proportions of the signature box, with a small caption in its corner."""
    picture = Image.new("RGBA", (_WIDTH, _HEIGHT), (255, 255, 255, 0))
    pen = ImageDraw.Draw(picture)
    for stroke in strokes:
        at = [(x * _WIDTH, y * _HEIGHT) for x, y in stroke]
        if len(at) > 1:
            pen.line(at, fill=_INK, width=_PEN, joint="curve")
        for x, y in (at[0], at[-1]):
            pen.ellipse((x - _PEN / 2, y - _PEN / 2, x + _PEN / 2, y + _PEN / 2), fill=_INK)
    words = ImageFont.truetype(str(font), _CAPTION)
    pen.text((_WIDTH - _PEN, _HEIGHT - _PEN), caption, fill=_QUIET, font=words, anchor="rs")
    return picture.resize((_WIDTH // 2, _HEIGHT // 2), Image.Resampling.LANCZOS)
