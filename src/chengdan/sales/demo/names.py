"""Invented people and companies, drawn from the word pools."""

from random import Random
from typing import NamedTuple

from chengdan.sales.demo.words import BRAND_HEADS, BRAND_TAILS, GIVEN_NAMES, INDUSTRIES, SUFFIXES, SURNAMES

_MOBILE_PREFIXES = ("130", "135", "138", "139", "150", "158", "176", "186", "188", "199")


class Person(NamedTuple):
    """A name in characters and in pinyin (`wang.siyuan`)."""

    name: str
    pinyin: str


class Company(NamedTuple):
    """A company's registered name, its short name, its industry and its domain."""

    name: str
    short_name: str
    industry: str
    domain: str


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
    draw = int(rng.random() * 100_000)
    return f"{_MOBILE_PREFIXES[draw % 10]}0000{draw // 10:04}"


def company(rng: Random, city: str) -> Company:
    """A company of that city; its domain lies under `.example`, which nobody can own."""
    brand = int(rng.random() * len(_BRANDS))
    industry, trade = _TRADES[int(rng.random() * len(_TRADES))]
    short_name = _BRANDS[brand] + trade[:2]
    name = f"{city}{_BRANDS[brand]}{trade}{SUFFIXES[int(rng.random() * len(SUFFIXES))]}"
    return Company(name, short_name, industry, f"c{brand:04}.example")
