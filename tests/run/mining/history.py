"""A small history of jobs in the lab whose figures can be worked out by hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from chengdan.kernel.access import Principal
from chengdan.run.commands import Create, Move, Tick, Update
from chengdan.run.mining.asking import Asked, ask
from tests.lab.lab import BOSS, MING, Lab

DAY = timedelta(days=1)
START = datetime(2031, 3, 3, 8, tzinfo=UTC)
"""The Monday on which the history begins; far from when the lab itself was made."""


class History:
    """Lets people act on days counted from START."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab

    def on(self, day: float) -> None:
        self.lab.clock.ahead = START + day * DAY - datetime.now(UTC)

    def job(self, day: float, name: str, who: Principal = MING, value: int = 5) -> UUID:
        self.on(day)
        id: UUID = self.lab.act(who, Create("job", {"name": name, "value": value}))["id"]
        return id

    def move(self, day: float, job: UUID, to: str, who: Principal = BOSS) -> None:
        """Past whatever lacks: by somebody who may."""
        self.on(day)
        self.lab.act(who, Move("job", job, None, to, reason="r", override_reason="r"))

    def tick(self, day: float, job: UUID, name: str, done: bool = True, who: Principal = MING) -> None:
        self.on(day)
        self.lab.act(who, Tick("job", job, name, done))

    def set(self, day: float, job: UUID, who: Principal = BOSS, **values: Any) -> None:
        self.on(day)
        self.lab.act(who, Update("job", job, None, values))


@contextmanager
def asking(
    lab: Lab, who: Principal = BOSS, since: float = 0, until: float = 60, filter: str = ""
) -> Iterator[Asked]:
    """A question about the days from `since` until `until`."""
    with lab.runtime.reader(who) as reader:
        yield ask(reader, "course", START + since * DAY, START + until * DAY, filter)
