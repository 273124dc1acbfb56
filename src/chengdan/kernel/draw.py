"""Draws: a share of some records, picked stratum by stratum with a seed, so that whoever has the list and the seed picks the same.

The order within a stratum is that of HMAC-SHA256(seed, "name|id"). The seats are shared out by largest remainder
(Hamilton's method); strata too small for a seat of their own are drawn together.
"""

import hashlib
import hmac
import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

Stratum = tuple[str, ...]
METHOD = "hmac-sha256-largest-remainder-1"
"""Names the procedure of this module in what is kept of a draw; a change of the procedure changes the name."""


@dataclass(frozen=True, slots=True)
class Member:
    """A record that may be drawn: its stratum, whose work it shows, and the people and teams who may not review it."""

    id: UUID
    stratum: Stratum
    judged: UUID | None = None
    apart: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Somebody who may review: `ties` are the reviewer's own id, the teams they belong to and those they lead."""

    id: UUID
    ties: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class DrawList:
    """All that a draw is made from but the seed. Its hash is published before there is one."""

    audit: str
    period: str
    share: Fraction
    members: tuple[Member, ...]
    reviewers: tuple[Reviewer, ...]

    @property
    def name(self) -> str:
        """What tells this draw from every other."""
        return f"{self.audit}/{self.period}"

    def text(self) -> str:
        """The list as JSON lines: a head, `["member", id, stratum, judged, apart]` and `["reviewer", id, ties]`, by their ids."""
        head = {"method": METHOD, "audit": self.audit, "period": self.period, "share": str(self.share)}
        lines: list[object] = [head]
        for member in sorted(self.members, key=lambda one: one.id):
            judged = str(member.judged) if member.judged else None
            lines.append(
                ["member", str(member.id), list(member.stratum), judged, sorted(map(str, member.apart))]
            )
        for reviewer in sorted(self.reviewers, key=lambda one: one.id):
            lines.append(["reviewer", str(reviewer.id), sorted(map(str, reviewer.ties))])
        return "".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in lines)

    def drawn(self, seed: bytes) -> list[Member]:
        """The members drawn, in the order of their ranks."""
        return draw(self.members, seed, self.name, self.share)

    def assigned(self, seed: bytes) -> dict[UUID, UUID | None]:
        """Who reviews each of the drawn."""
        return assign(self.drawn(seed), self.reviewers, seed, self.name)


def text_hash(text: str) -> str:
    """The SHA-256 of a list's text in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def read_list(text: str) -> DrawList:
    """The list that `text` holds. ValueError for anything else."""
    try:
        head, *lines = (json.loads(line) for line in text.splitlines())
        if head["method"] != METHOD:
            raise ValueError(f"unknown method {head['method']!r}")
        members = [
            Member(UUID(id), tuple(stratum), UUID(judged) if judged else None, frozenset(map(UUID, apart)))
            for kind, id, stratum, judged, apart in (line for line in lines if line[0] == "member")
        ]
        reviewers = [
            Reviewer(UUID(id), frozenset(map(UUID, ties)))
            for kind, id, ties in (line for line in lines if line[0] == "reviewer")
        ]
        return DrawList(
            head["audit"], head["period"], Fraction(head["share"]), tuple(members), tuple(reviewers)
        )
    except (KeyError, TypeError, IndexError, AttributeError) as error:
        raise ValueError(f"not the list of a draw: {error}") from None


def rank(seed: bytes, name: str, id: UUID) -> bytes:
    """The place of something in the order that the seed gives: smaller comes first."""
    return hmac.digest(seed, f"{name}|{id}".encode(), "sha256")


def pooled(sizes: Mapping[Stratum, int], share: Fraction) -> dict[Stratum, Stratum]:
    """Where each stratum is drawn: by itself, or, where less than one seat is due, with others that begin alike.

    Strata are joined by leaving out their last value, then the one before; what is still too small in the end goes with
    the smallest of the rest. So every member has about the same chance, however small its stratum.
    """
    places = {stratum: stratum for stratum in sizes}
    for depth in range(max(map(len, sizes), default=0), 0, -1):
        small = {place for place, size in _sizes(sizes, places).items() if size * share < 1}
        for stratum, place in places.items():
            if place in small and len(place) == depth:
                places[stratum] = place[:-1]
    left = _sizes(sizes, places)
    if len(left) > 1 and 0 < left.get((), 0) * share < 1:
        smallest = min((size, place) for place, size in left.items() if place)[1]
        places = {stratum: () if place == smallest else place for stratum, place in places.items()}
    return places


def _sizes(sizes: Mapping[Stratum, int], places: Mapping[Stratum, Stratum]) -> Counter[Stratum]:
    found: Counter[Stratum] = Counter()
    for stratum, size in sizes.items():
        found[places[stratum]] += size
    return found


def seats(sizes: Mapping[Stratum, int], share: Fraction) -> dict[Stratum, int]:
    """How many are drawn in each stratum: its due rounded down, and one more for the largest remainders.

    Together `share` of all, rounded half up, and at least one where there is anybody.
    """
    everybody = sum(sizes.values())
    if not everybody:
        return {}
    total = max(1, int(share * everybody + Fraction(1, 2)))
    due = {stratum: Fraction(total * size, everybody) for stratum, size in sizes.items()}
    given = {stratum: int(part) for stratum, part in due.items()}
    first = sorted(due, key=lambda stratum: (given[stratum] - due[stratum], stratum))
    for stratum in first[: total - sum(given.values())]:
        given[stratum] += 1
    return given


def draw(members: Sequence[Member], seed: bytes, name: str, share: Fraction) -> list[Member]:
    """The members drawn, in the order of their ranks."""
    places = pooled(Counter(member.stratum for member in members), share)
    groups: dict[Stratum, list[Member]] = defaultdict(list)
    ordered = sorted(members, key=lambda one: rank(seed, name, one.id))
    for member in ordered:
        groups[places[member.stratum]].append(member)
    given = seats({place: len(group) for place, group in groups.items()}, share)
    chosen = {member.id for place, group in groups.items() for member in group[: given[place]]}
    return [member for member in ordered if member.id in chosen]


def assign(
    drawn: Sequence[Member], reviewers: Sequence[Reviewer], seed: bytes, name: str
) -> dict[UUID, UUID | None]:
    """Who reviews what: nobody what they are tied to, and the loads as even as that allows. None: nobody may.

    Each goes to whoever has least, ties broken by the seed; then work is passed on along chains as long as somebody has
    at least two more than somebody else (the optimal semi-matching of Harvey, Ladner, Lovász and Tamir, 2006).
    """
    free = {one.id: [reviewer.id for reviewer in reviewers if not reviewer.ties & one.apart] for one in drawn}
    held: dict[UUID, set[UUID]] = {reviewer.id: set() for reviewer in reviewers}
    for id in sorted(free, key=lambda id: (len(free[id]), rank(seed, name, id))):
        if free[id]:
            least = min(free[id], key=lambda who: (len(held[who]), rank(seed, f"{name}|{who}", id)))
            held[least].add(id)
    while any(_pass_on(who, free, held) for who in sorted(held, key=lambda who: (-len(held[who]), who))):
        pass
    holder = {id: who for who, ids in held.items() for id in ids}
    return {one.id: holder.get(one.id) for one in drawn}


def _pass_on(start: UUID, free: Mapping[UUID, Sequence[UUID]], held: Mapping[UUID, set[UUID]]) -> bool:
    """Take one review off `start` along the shortest chain that ends with somebody who has at least two less."""
    came: dict[UUID, tuple[UUID, UUID]] = {}
    front = [start]
    for who in front:
        if len(held[start]) - len(held[who]) >= 2:
            while who != start:
                giver, id = came[who]
                held[giver].remove(id)
                held[who].add(id)
                who = giver
            return True
        for id in sorted(held[who]):
            for taker in sorted(free[id]):
                if taker not in came and taker != start:
                    came[taker] = (who, id)
                    front.append(taker)
    return False
