"""Which encoding a text file is in, by its content: UTF-8, GB 18030 (GBK, GB 2312) or UTF-16, with or without a mark."""

import codecs
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from chengdan.run.tabular.errors import MixedEncodings, NulCharacter, UndecodableText

TELLING_ZEROS = 3
CHUNK_BYTES = 1 << 20
SAMPLE_BYTES = 1 << 14
FEW_CHARACTERS = 4
"""A line that is valid UTF-8 with fewer characters beyond ASCII says nothing: lines of GB 18030 often are, by chance."""
MANY_CHARACTERS = 12
"""A line that is valid UTF-8 with so many is UTF-8: of GB 18030 not one line in a hundred million is, by chance."""


def detect_encoding(path: Path, name: str) -> str:
    """The codec that reads the whole file; the file is read once, in constant memory.

    Raises `UndecodableText`, `MixedEncodings` or `NulCharacter`, naming the line, when no codec does.
    """
    wide = _utf_16(path)
    if wide is not None:
        _require_readable(path, name, wide)
        return wide
    valid, has_nul = _scan(path)
    if has_nul:
        line = next(number for number, line in enumerate(_lines(path), start=1) if b"\0" in line)
        raise NulCharacter(name=name, line=line)
    if not valid:
        _require_gb18030(path, name)
        return "gb18030"
    return "utf-8-sig"


def _utf_16(path: Path) -> str | None:
    """The UTF-16 codec of a file that starts with its mark, or in which every other byte is mostly zero."""
    with path.open("rb") as file:
        head = file.read(SAMPLE_BYTES)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    zeros_even, zeros_odd = head[::2].count(0), head[1::2].count(0)
    if zeros_even + zeros_odd < max(len(head) / 10, TELLING_ZEROS):
        return None
    if zeros_odd > 9 * zeros_even:
        return "utf-16-le"
    if zeros_even > 9 * zeros_odd:
        return "utf-16-be"
    return None


def _require_readable(path: Path, name: str, encoding: str) -> None:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for chunk in chain(_chunks(path), (b"",)):
            if "\0" in decoder.decode(chunk, final=not chunk):
                break
        else:
            return
    except UnicodeDecodeError:
        text = path.read_bytes().decode(encoding, errors="replace").partition("\ufffd")[0]
        line, column = _position(text)
        raise UndecodableText(name=name, line=line, column=column, encoding="UTF-16") from None
    text = path.read_bytes().decode(encoding, errors="replace").partition("\0")[0]
    raise NulCharacter(name=name, line=_position(text)[0])


def _scan(path: Path) -> tuple[bool, bool]:
    """(is the file valid UTF-8?, is there a NUL in it?)"""
    decoder = codecs.getincrementaldecoder("utf-8")()
    valid = True
    for chunk in chain(_chunks(path), (b"",)):
        if b"\0" in chunk:
            return valid, True
        if valid:
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError:
                valid = False
    return valid, False


def _require_gb18030(path: Path, name: str) -> None:
    """Judge each line of a file that isn't UTF-8 as a whole; a line break is never a part of a GB 18030 character."""
    utf_8_since = 0
    seen_utf_8 = seen_gb = False
    for number, line in enumerate(_lines(path), start=1):
        if line.isascii():
            continue
        failure = _gb18030_failure(line)
        text = _as_utf_8(line)
        if text is None:
            if failure is not None:
                raise UndecodableText(name=name, line=number, column=failure, encoding="GB 18030")
            seen_gb, utf_8_since = True, 0
        else:
            utf_8_since = utf_8_since or number
            seen_utf_8 = seen_utf_8 or failure is not None or _is_utf_8(line, text)
        if seen_utf_8 and seen_gb:
            raise MixedEncodings(name=name, line=utf_8_since or number)


def _as_utf_8(line: bytes) -> str | None:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _is_utf_8(line: bytes, text: str) -> bool:
    """Whether a line that can be read both ways is UTF-8, `text`.

    With a few characters beyond ASCII either may be. Then the reading as GB 18030 tells: of Chinese that was written in it
    most are common characters and signs, of UTF-8 that is mistaken for it few are.
    """
    wide = sum(character > "\x7f" for character in text)
    if not FEW_CHARACTERS <= wide < MANY_CHARACTERS:
        return wide >= MANY_CHARACTERS
    read = [character.encode("gb18030") for character in line.decode("gb18030") if character > "\x7f"]
    return 2 * sum(map(_is_common, read)) < len(read)


def _is_common(character: bytes) -> bool:
    """Whether a character of GB 18030 is a sign or one of the 3,755 common ones of GB 2312 (its level 1)."""
    if len(character) != 2 or not 0xA1 <= character[1] <= 0xFE:
        return False
    return 0xA1 <= character[0] <= 0xA9 or 0xB0 <= character[0] <= 0xD7


def _gb18030_failure(line: bytes) -> int | None:
    """The column of the first character that isn't GB 18030; None where all are."""
    try:
        line.decode("gb18030")
    except UnicodeDecodeError as failure:
        return len(line[: failure.start].decode("gb18030")) + 1
    return None


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            yield chunk


def _lines(path: Path) -> Iterator[bytes]:
    r"""Lines ended by \n, \r\n or \r alone."""
    rest = b""
    for chunk in _chunks(path):
        *lines, rest = (rest + chunk).splitlines(keepends=True)
        yield from lines
    if rest:
        yield rest


def _position(text: str) -> tuple[int, int]:
    """The line and column, from 1, that follow `text`."""
    unix = text.replace("\r\n", "\n").replace("\r", "\n")
    return unix.count("\n") + 1, len(unix) - unix.rfind("\n")
