"""A lab that may send to loopback, and short words for telling its people something."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from chengdan.base.config import Config
from chengdan.base.label import Label
from chengdan.kernel.access import Principal
from chengdan.run import notify, outlets
from chengdan.run.outgoing import courier
from chengdan.run.outgoing.passing_on import pass_on
from chengdan.run.outlets import Setting
from chengdan.run.runtime import Runtime
from tests.databases import Databases
from tests.lab.lab import KEEPER, Lab, MovingClock
from tests.run.outgoing.vendor import CHECKS, Vendor, vendor

RECORD = UUID(int=0xC0)
PUBLIC = "https://crm.example.com"


@dataclass
class Desk(Lab):
    """A lab with outlets."""

    def outlet(self, kind: str, to: Vendor, secret: str | None = None, **more: Any) -> UUID:
        """Make an outlet to a vendor's server."""
        _check, path, own = CHECKS[kind]
        values: dict[str, Any] = {
            "name": kind,
            "kind": kind,
            "address": to.url + path,
            "secret": own if secret is None else secret,
            "locale": "zh-CN",
            "active": True,
            "kinds": frozenset(),
            "urgent_only": False,
            "teams": frozenset(),
            "roles": frozenset(),
            "people": frozenset(),
        }
        setting = Setting(**{**values, **more})
        with self.runtime.unit(KEEPER) as unit:
            return outlets.put(self.runtime, unit, None, 0, setting)[0]

    def tell(
        self,
        people: Iterable[Principal],
        text: str = "请看",
        *,
        record: UUID = RECORD,
        kind: str = "@mentioned",
        urgent: bool = False,
    ) -> None:
        """Notify people of a record."""
        with self.runtime.unit(KEEPER) as unit:
            told = [person.user for person in people]
            notify.tell(unit, told, Label(text, text), object="job", record=record, urgent=urgent, rule=kind)

    def send(self, wait: timedelta = timedelta()) -> int:
        """Pass on what there is and send what may leave, `wait` later; how many messages were tried."""
        self.clock.ahead += wait
        while pass_on(self.runtime):
            pass
        tried = 0
        while courier.send_next(self.runtime):
            tried += 1
        return tried

    def log(self) -> list[tuple[str, str, int, int, str]]:
        """(kind, state, attempts, count, answer) of all deliveries, oldest first."""
        rows = self.query("SELECT kind, state, attempts, count, answer FROM chengdan.delivery ORDER BY id")
        return [(kind, state, attempts, count, answer) for kind, state, attempts, count, answer in rows]


@contextmanager
def open_desk(url: str, home: Path, **settings: Any) -> Iterator[Desk]:
    clock = MovingClock()
    config = Config(home=home, pool_size=6, outgoing_allow="127.0.0.1", public_url=PUBLIC, **settings)
    with Runtime.over(url, config, clock) as runtime:
        yield Desk(runtime, clock)


@pytest.fixture(scope="module")
def shared_desk(
    databases: Databases, lab_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Desk]:
    home = tmp_path_factory.mktemp("outgoing")
    with databases.fresh(lab_database) as url, open_desk(url, home) as desk:
        yield desk


@pytest.fixture
def desk(shared_desk: Desk) -> Desk:
    """A lab without outlets, deliveries and notifications, at the time of now."""
    shared_desk.clock.ahead = timedelta()
    with shared_desk.runtime.pool.connection() as connection:
        connection.execute(
            "TRUNCATE chengdan.outlet, chengdan.delivery, chengdan.notification, chengdan.quiet_hours, "
            "chengdan.notice_setting, chengdan.digest"
        )
    shared_desk.runtime.edition.people.forget()
    return shared_desk


@pytest.fixture
def robots() -> Iterator[dict[str, Vendor]]:
    """A server of every kind."""
    with (
        vendor(CHECKS["wecom"][0]) as wecom,
        vendor(CHECKS["dingtalk"][0]) as dingtalk,
        vendor(CHECKS["feishu"][0]) as feishu,
        vendor(CHECKS["webhook"][0]) as webhook,
    ):
        yield {"wecom": wecom, "dingtalk": dingtalk, "feishu": feishu, "webhook": webhook}
