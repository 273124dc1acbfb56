"""Whose notifications go through an outlet, and how quiet hours put them off."""

from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from chengdan.kernel.outlet.audience import Audience, Hearer, hears_at

EAST, ALL = UUID(int=1), UUID(int=2)
SHANGHAI = ZoneInfo("Asia/Shanghai")
MING = Hearer(UUID(int=10), "陈明", frozenset({"rep"}), frozenset({EAST, ALL}), SHANGHAI)


@pytest.mark.parametrize(
    ("audience", "included"),
    [
        (Audience(), True),
        (Audience(kinds=frozenset({"won"})), True),
        (Audience(kinds=frozenset({"lost"})), False),
        (Audience(urgent_only=True), False),
        (Audience(teams=frozenset({ALL})), True),
        (Audience(roles=frozenset({"manager"})), False),
        (Audience(roles=frozenset({"manager"}), people=frozenset({MING.id})), True),
        (Audience(kinds=frozenset({"lost"}), people=frozenset({MING.id})), False),
    ],
)
def test_an_outlet_passes_on_what_its_audience_hears_of(audience: Audience, included: bool) -> None:
    assert audience.includes(MING, "won", urgent=False) is included


def quiet(starts: int, ends: int) -> Hearer:
    return Hearer(MING.id, MING.name, MING.roles, MING.teams, SHANGHAI, (starts * 60, ends * 60))


@pytest.mark.parametrize(
    ("hours", "now", "then"),
    [
        ((22, 8), "2026-03-02T15:30:00", "2026-03-03T00:00:00"),
        ((22, 8), "2026-03-02T18:00:00", "2026-03-03T00:00:00"),
        ((22, 8), "2026-03-03T00:00:00", "2026-03-03T00:00:00"),
        ((12, 14), "2026-03-02T05:00:00", "2026-03-02T06:00:00"),
        ((12, 14), "2026-03-02T03:00:00", "2026-03-02T03:00:00"),
    ],
)
def test_what_is_not_urgent_waits_until_the_quiet_hours_end(
    hours: tuple[int, int], now: str, then: str
) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)

    assert hears_at(quiet(*hours), moment, urgent=False) == datetime.fromisoformat(then).replace(tzinfo=UTC)
    assert hears_at(quiet(*hours), moment, urgent=True) == moment
    assert hears_at(MING, moment, urgent=False) == moment


def test_quiet_hours_go_by_the_clock_on_the_wall_when_it_is_put_forward() -> None:
    berliner = Hearer(MING.id, "", MING.roles, MING.teams, ZoneInfo("Europe/Berlin"), (22 * 60, 7 * 60))

    assert hears_at(berliner, datetime(2026, 3, 28, 22, 0, tzinfo=UTC), urgent=False) == datetime(
        2026, 3, 29, 5, 0, tzinfo=UTC
    )
