"""Text that a spreadsheet would run as a formula: marked with an apostrophe on the way out, unmarked on the way in.

`restore(defuse(text)) == text` for every text, so an export that is edited and imported again changes nothing.
"""

import re

_DANGEROUS = re.compile(r"'*[=+\-@\t\r\n]")
_MARKED = re.compile(r"'+[=+\-@\t\r\n]")
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")


def defuse(text: str) -> str:
    """`text` with an apostrophe before it where it starts like a formula and isn't a plain number."""
    if _DANGEROUS.match(text) and not _NUMBER.fullmatch(text):
        return "'" + text
    return text


def restore(text: str) -> str:
    """`text` without the apostrophe that `defuse`, or the user of a spreadsheet, put before it."""
    return text[1:] if text.startswith("'") and _MARKED.match(text) else text
