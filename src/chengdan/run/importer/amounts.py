"""Numbers as people write them: 1,234.50 · ￥3.5万 · 1.2亿 · 15% · (1,200) · USD 90."""

import re
from dataclasses import dataclass
from decimal import Decimal

WAN = Decimal(10_000)
YI = Decimal(100_000_000)
_SYMBOLS = {"¥": "CNY", "￥": "CNY", "元": "CNY", "$": "USD", "€": "EUR", "£": "GBP"}
_UNITS = {"": Decimal(1), "百": Decimal(100), "千": Decimal(1_000), "万": WAN, "百万": 100 * WAN, "亿": YI, "万亿": WAN * YI}  # fmt: skip
_NUMBER = re.compile(
    r"(?P<open>\()?\s*(?P<sign>[+-])?\s*(?P<before>[A-Za-z]{3}|[¥￥$€£])?\s*(?P<late>[+-])?\s*"
    r"(?P<digits>\d{1,3}(?:[, ]\d{3})+|\d{1,4}(?:,\d{4})+|\d+)(?P<fraction>\.\d+)?(?P<power>[eE][+-]?\d{1,2})?\s*"
    r"(?P<unit>万亿|百万|百|千|万|亿)?\s*(?P<percent>%)?\s*(?P<after>[A-Za-z]{3}|元|[¥￥$€£])?\s*(?P<close>\))?"
)
_WIDE = str.maketrans("０１２３４５６７８９，．（）％＋－−＄", "0123456789,.()%+--$")


@dataclass(frozen=True, slots=True)
class Amount:
    """A number, whether a percent sign stood behind it, and the currency written beside it (empty: none)."""

    value: Decimal
    percent: bool = False
    currency: str = ""


def read_amount(text: str) -> Amount | None:
    """The number that `text` says; None when it says none, or says it in a way that can be read as two numbers."""
    found = _NUMBER.fullmatch(text.translate(_WIDE).strip())
    if found is None:
        return None
    part = found.groupdict()
    signs = [sign for sign in (part["sign"], part["late"]) if sign]
    if (part["open"] is None) is not (part["close"] is None) or len(signs) + bool(part["open"]) > 1:
        return None
    if part["before"] and part["after"] and _currency(part["before"]) != _currency(part["after"]):
        return None
    digits = part["digits"].replace(",", "").replace(" ", "")
    value = Decimal(f"{digits}{part['fraction'] or ''}{part['power'] or ''}") * _UNITS[part["unit"] or ""]
    if signs == ["-"] or part["open"]:
        value = -value
    return Amount(value, bool(part["percent"]), _currency(part["before"] or part["after"] or ""))


def _currency(written: str) -> str:
    return _SYMBOLS.get(written, written.upper())
