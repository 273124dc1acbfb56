"""Who somebody is when they come in, whatever they wrote about themselves."""

import pytest

from chengdan.run.commands import Update
from chengdan.run.sessions import Doorman
from tests.lab.lab import KEEPER, MING, Lab


@pytest.mark.parametrize(
    ("written", "zone"),
    [
        ("Asia/Tokyo", "Asia/Tokyo"),
        ("Mars/Olympus", "Asia/Shanghai"),
        ("../etc/passwd", "Asia/Shanghai"),
        ("Asia", "Asia/Shanghai"),
        (None, "Asia/Shanghai"),
    ],
)
def test_a_time_zone_that_does_not_exist_is_the_installations(
    lab: Lab, written: str | None, zone: str
) -> None:
    lab.act(KEEPER, Update("user", MING.user, None, {"time_zone": written}))
    principal = Doorman(lab.runtime).principal_of(MING.user)
    assert principal.time_zone == zone
