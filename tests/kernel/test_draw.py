"""The draw: the right number in every stratum, every file with the same chance, the reviewers evenly loaded and never tied."""

import hashlib
from collections import Counter
from fractions import Fraction
from itertools import product
from random import Random
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chengdan.kernel.draw import (
    DrawList,
    Member,
    Reviewer,
    assign,
    draw,
    pooled,
    read_list,
    seats,
    text_hash,
)

FIVE = Fraction(5, 100)


def seed(number: int) -> bytes:
    return hashlib.sha256(str(number).encode()).digest()


def people(count: int, stratum: tuple[str, ...] = ("a",), start: int = 0) -> list[Member]:
    return [Member(UUID(int=start + number), stratum) for number in range(count)]


def test_seats_go_by_largest_remainder() -> None:
    sizes: dict[tuple[str, ...], int] = {
        ("a",): 47,
        ("b",): 16,
        ("c",): 158,
        ("d",): 52,
        ("e",): 61,
        ("f",): 66,
    }

    # 400 of which 20: due 2.35, 0.8, 7.9, 2.6, 3.05, 3.3
    assert seats(sizes, FIVE) == {("a",): 2, ("b",): 1, ("c",): 8, ("d",): 3, ("e",): 3, ("f",): 3}


def test_somebody_is_always_drawn() -> None:
    assert seats({("a",): 3}, FIVE) == {("a",): 1}
    assert seats({}, FIVE) == {}
    assert draw([], seed(1), "x", FIVE) == []


def test_small_strata_are_drawn_together_with_their_like() -> None:
    sizes: dict[tuple[str, ...], int] = {
        ("east", "demo"): 60,
        ("east", "won"): 15,
        ("east", "lost"): 10,
        ("west", "won"): 40,
    }

    assert pooled(sizes, FIVE) == {
        ("east", "demo"): ("east", "demo"),
        ("east", "won"): ("east",),
        ("east", "lost"): ("east",),
        ("west", "won"): ("west", "won"),
    }


def test_what_is_still_too_small_goes_with_the_smallest_of_the_rest() -> None:
    sizes: dict[tuple[str, ...], int] = {("east", "demo"): 60, ("west", "won"): 40, ("south", "demo"): 8}

    assert pooled(sizes, FIVE) == {
        ("east", "demo"): ("east", "demo"),
        ("west", "won"): (),
        ("south", "demo"): (),
    }


@given(
    st.dictionaries(
        st.tuples(st.sampled_from("abc"), st.sampled_from("xyz")), st.integers(1, 300), min_size=1
    ),
    st.integers(0, 2**32),
)
@settings(max_examples=60, deadline=None)
def test_every_stratum_gets_its_due(sizes: dict[tuple[str, ...], int], number: int) -> None:
    members = [
        Member(UUID(int=index * 1000 + one), stratum)
        for index, (stratum, size) in enumerate(sizes.items())
        for one in range(size)
    ]
    drawn = draw(members, seed(number), "x", FIVE)
    total = max(1, int(FIVE * len(members) + Fraction(1, 2)))
    assert len(drawn) == len({member.id for member in drawn}) == total

    places = pooled(sizes, FIVE)
    pools = Counter[tuple[str, ...]]()
    for stratum, size in sizes.items():
        pools[places[stratum]] += size
    found = Counter(places[member.stratum] for member in drawn)
    for place, size in pools.items():
        assert abs(found[place] - Fraction(total * size, len(members))) < 1
    if len(pools) > 1:
        assert all(size * FIVE >= 1 for size in pools.values())


@given(st.integers(0, 2**32), st.randoms())
@settings(max_examples=25, deadline=None)
def test_the_order_in_which_the_list_is_read_does_not_matter(number: int, random: Random) -> None:
    members = people(90) + people(40, ("b",), 1000)
    mixed = random.sample(members, len(members))

    assert draw(mixed, seed(number), "x", FIVE) == draw(members, seed(number), "x", FIVE)


def chi_square(counts: list[int], expected: float) -> float:
    return sum((count - expected) ** 2 / expected for count in counts)


def test_every_file_has_the_same_chance_over_many_seeds() -> None:
    """Chi-square against uniform, per stratum, over 800 draws: below the 0.999 quantile (Wilson-Hilferty)."""
    strata = {("a", "1"): 120, ("a", "2"): 60, ("b", "1"): 40}
    members = [
        one
        for index, (stratum, size) in enumerate(strata.items())
        for one in people(size, stratum, index * 1000)
    ]
    draws, found = 800, Counter[UUID]()
    for number in range(draws):
        found.update(member.id for member in draw(members, seed(number), "x", FIVE))

    for stratum, size in strata.items():
        own = [found[member.id] for member in members if member.stratum == stratum]
        assert sum(own) == draws * size * FIVE
        share = float(FIVE)
        statistic = chi_square(own, draws * share) / (1 - share) * (size - 1) / size
        freedom = size - 1
        limit = freedom * (1 - 2 / (9 * freedom) + 3.09 * (2 / (9 * freedom)) ** 0.5) ** 3
        assert statistic < limit


def test_two_files_are_drawn_together_as_often_as_chance_has_it() -> None:
    members = people(40)
    together, draws = 0, 2_000
    for number in range(draws):
        ids = {member.id for member in draw(members, seed(number), "x", Fraction(1, 10))}
        together += {UUID(int=3), UUID(int=4)} <= ids
    chance = 4 / 40 * 3 / 39

    assert abs(together - draws * chance) < 4 * (draws * chance * (1 - chance)) ** 0.5


def test_audits_with_one_seed_draw_apart() -> None:
    members = people(400)

    assert draw(members, seed(1), "a", FIVE) != draw(members, seed(1), "b", FIVE)


MEMBERS = st.lists(st.frozensets(st.integers(1, 4), max_size=3), min_size=1, max_size=5)


@given(MEMBERS, st.integers(1, 3), st.integers(0, 2**32))
@settings(max_examples=200, deadline=None)
def test_reviews_are_assigned_without_conflict_and_as_evenly_as_can_be(
    ties: list[frozenset[int]], reviewers: int, number: int
) -> None:
    team = [Reviewer(UUID(int=one), frozenset({UUID(int=one)})) for one in range(1, reviewers + 1)]
    drawn = [
        Member(UUID(int=100 + index), ("a",), apart=frozenset(UUID(int=one) for one in apart))
        for index, apart in enumerate(ties)
    ]
    found = assign(drawn, team, seed(number), "x")

    free = {member.id: [one.id for one in team if not one.ties & member.apart] for member in drawn}
    assert found.keys() == free.keys()
    for id, who in found.items():
        assert who in free[id] if free[id] else who is None
    loads = sorted(Counter(who for who in found.values() if who).values(), reverse=True)
    best = min(
        sum(load**2 for load in Counter(choice).values())
        for choice in product(*(options for options in free.values() if options))
    )
    assert sum(load**2 for load in loads) == best


def test_a_list_reads_back_to_the_byte() -> None:
    found = DrawList(
        "process",
        "2026-11-23",
        FIVE,
        (
            Member(UUID(int=2), ("华东", "demo"), UUID(int=7), frozenset({UUID(int=7), UUID(int=8)})),
            Member(UUID(int=1), ("", "won")),
        ),
        (Reviewer(UUID(int=9), frozenset({UUID(int=9)})),),
    )
    text = found.text()

    assert read_list(text).text() == text
    assert [line[:9] for line in text.splitlines()] == ['{"method"', '["member"', '["member"', '["reviewe']
    assert text_hash(text) == hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize("text", ["", "x", "{}", '{"method":"other"}', "[]\n"])
def test_what_is_no_list_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        read_list(text)
