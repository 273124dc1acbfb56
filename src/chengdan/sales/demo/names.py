"""Invented people and companies, drawn from the word pools."""

from random import Random
from typing import NamedTuple

from chengdan.sales.demo.words import BRAND_HEADS, BRAND_TAILS, GIVEN_NAMES, INDUSTRIES, SUFFIXES, SURNAMES

_MOBILE_PREFIXES = ("130", "135", "138", "139", "150", "158", "176", "186", "188", "199")
_SUBSCRIBERS = 100_000
_SCATTER = 61_803  # shares no factor with the number of subscribers, so that every draw comes once


class Person(NamedTuple):
    """A name in characters and in pinyin (`wang.siyuan`)."""

    name: str
    pinyin: str


class Company(NamedTuple):
    """A company's registered name, its short name and its industry."""

    name: str
    short_name: str
    industry: str


_PEOPLE = tuple(
    Person(family + given, f"{family_pinyin}.{given_pinyin}")
    for family, family_pinyin in SURNAMES
    for given, given_pinyin in GIVEN_NAMES
)
_BRANDS = tuple(head + tail for head in BRAND_HEADS for tail in BRAND_TAILS)
_TRADES = tuple((industry, trade) for industry, trades in INDUSTRIES for trade in trades)


def person(rng: Random) -> Person:
    return _PEOPLE[int(rng.random() * len(_PEOPLE))]


def mobile(rng: Random) -> str:
    """A number that looks like a mobile's but has zeros where a real one has its exchange."""
    return _mobile(0, int(rng.random() * _SUBSCRIBERS))


def own_mobile(number: int) -> str:
    """The `number`-th person's own mobile: no two have the same, as long as they are fewer than a thousand million."""
    exchange, draw = divmod(number, _SUBSCRIBERS)
    return _mobile(exchange, (draw * _SCATTER + _SCATTER) % _SUBSCRIBERS)


def _mobile(exchange: int, draw: int) -> str:
    return f"{_MOBILE_PREFIXES[draw % 10]}{exchange:04}{draw // 10:04}"


def company(rng: Random, city: str) -> Company:
    """A company of that city."""
    brand = int(rng.random() * len(_BRANDS))
    industry, trade = _TRADES[int(rng.random() * len(_TRADES))]
    short_name = _BRANDS[brand] + trade[:2]
    name = f"{city}{_BRANDS[brand]}{trade}{SUFFIXES[int(rng.random() * len(SUFFIXES))]}"
    return Company(name, short_name, industry)
