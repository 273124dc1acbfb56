"""The few documents that the demo company's files all show: scans of forms, drawn here."""

import struct
import zlib
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from math import sin

_WIDTH, _HEIGHT = 620, 877
_PAPER, _INK, _RULE, _PEN = 0xFD, 0x50, 0xC8, 0x28


@dataclass(frozen=True, slots=True)
class Document:
    """A file's kind and name, and its bytes with their hash."""

    kind: str
    name: str
    mime: str
    content: bytes
    sha256: str


@cache
def documents() -> dict[str, Document]:
    """The documents of the sales process, one per file kind and a form that nobody signed. Its contents are the same in every run."""
    return {
        "pain_confirmation": _scan("pain_confirmation", "痛点确认表（已签字）.png", rows=9, signatures=1),
        "pain_confirmation_unsigned": _scan("pain_confirmation", "痛点确认表.png", rows=9, signatures=0),
        "it_architecture": _scan("it_architecture", "客户IT架构图.png", rows=4, signatures=0),
        "quote": _scan("quote", "报价单.png", rows=12, signatures=0),
        "contract": _scan("contract", "销售合同.png", rows=22, signatures=0),
        "signed_contract": _scan("signed_contract", "销售合同（双方签章）.png", rows=22, signatures=2),
    }


def _scan(kind: str, name: str, rows: int, signatures: int) -> Document:
    page = [bytearray([_PAPER]) * _WIDTH for _ in range(_HEIGHT)]
    _bar(page, 60, _WIDTH // 2 - 110, 220, 18, _INK)
    pitch = 600 // rows
    for row in range(rows):
        top = 120 + row * pitch
        _bar(page, top, 60, _WIDTH - 120, 1, _RULE)
        _bar(page, top + pitch // 2, 76, 90 + row * 37 % 60, 6, _INK)
        _bar(page, top + pitch // 2, 230, 120 + row * 83 % 190, 6, _RULE)
    for number in range(signatures):
        _sign(page, left=80 + number * 270, top=790)
    content = _png(page)
    return Document(kind, name, "image/png", content, sha256(content).hexdigest())


def _bar(page: list[bytearray], top: int, left: int, width: int, height: int, shade: int) -> None:
    for line in page[top : top + height]:
        line[left : left + width] = bytes([shade]) * width


def _sign(page: list[bytearray], left: int, top: int) -> None:
    for step in range(1_600):
        along = step / 1_600
        x = left + int(170 * along + 12 * sin(29 * along))
        y = top + int(26 * sin(21 * along) * (1 - 0.6 * along))
        _bar(page, y, x, 3, 3, _PEN)


def _png(page: list[bytearray]) -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", _WIDTH, _HEIGHT, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + bytes(line) for line in page), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
