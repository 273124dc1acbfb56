"""The demo company's outlets and the log of what would have left through them in the last days."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from chengdan.kernel.access import Principal
from chengdan.run import outlets
from chengdan.run.outgoing.passing_on import pass_on
from chengdan.run.outlets import Setting
from chengdan.run.runtime import Runtime
from chengdan.sales.demo.outlets import OUTLETS, DemoOutlet
from chengdan.store.deliveries import MAX_ATTEMPTS

RECENT = timedelta(days=4)
_RECENT = "UPDATE chengdan.notification SET passed_on = false WHERE at > %s AND at <= %s"
_SENT = (
    "UPDATE chengdan.delivery SET state = 'sent', attempts = 1, answer = 'ok', sent_at = at + interval '2 seconds' "
    "WHERE state = 'waiting'"
)
_REFUSED = (
    "UPDATE chengdan.delivery SET state = 'dead', sent_at = NULL, attempts = %s, answer = %s WHERE id IN "
    "(SELECT id FROM chengdan.delivery WHERE outlet = %s ORDER BY id DESC LIMIT 2)"
)
_OFF = "UPDATE chengdan.outlet SET active = false"


def set_up(runtime: Runtime, admin: Principal) -> None:
    """Make the outlets, pass the last days' notifications on, and write down that they arrived, but for two."""
    with runtime.unit(admin) as unit:
        teams = dict(unit.execute("SELECT name, id FROM data.team LIMIT 1000").fetchall())
        made = {one: outlets.put(runtime, unit, None, 0, _setting(one, teams))[0] for one in OUTLETS}
    now = runtime.clock()
    with runtime.pool.connection() as connection:
        connection.execute(_RECENT, (now - RECENT, now))
    while pass_on(runtime, RECENT):
        pass
    with runtime.pool.connection() as connection:
        connection.execute(_SENT)
        for one, id in made.items():
            if one.refusal:
                connection.execute(_REFUSED, (MAX_ATTEMPTS, one.refusal, id))
        connection.execute(_OFF)


def _setting(one: DemoOutlet, teams: Mapping[str, UUID]) -> Setting:
    return Setting(
        name=one.name,
        kind=one.kind,
        address=one.address,
        secret=one.secret,
        locale="zh-CN",
        active=True,
        kinds=frozenset(one.kinds),
        urgent_only=one.urgent_only,
        teams=frozenset(teams[name] for name in one.teams if name in teams),
        roles=frozenset(one.roles),
        people=frozenset(),
    )
