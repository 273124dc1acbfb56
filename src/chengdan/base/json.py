"""JSON in and out: decimals stay exact numbers, ids and instants become text."""

import json
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

import orjson

from chengdan.base.label import Label

_OPTIONS = orjson.OPT_NON_STR_KEYS


def dumps(value: Any) -> bytes:
    """`value` as JSON. Decimal → number with all its digits, timedelta → seconds, UUID, date and datetime → text."""
    return orjson.dumps(value, default=_plain, option=_OPTIONS)


def dumps_text(value: Any) -> str:
    return dumps(value).decode()


def loads_exact(text: bytes | str) -> Any:
    """JSON with its fractions as Decimal."""
    return json.loads(text, parse_float=Decimal)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return orjson.Fragment(format(value, "f"))
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Label):
        return value.as_json()
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, (frozenset, set)):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")
