"""Passing on: what was left in inboxes is queued for the outlets whose audience hears of it.

A notification is written in the transaction of what happened, not yet passed on; this marks it in the transaction that
queues it. So nothing is lost and nothing is queued twice, whoever dies when.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeAlias
from uuid import UUID

from chengdan.kernel.outlet.audience import Hearer, hears_at
from chengdan.run.runtime import Runtime
from chengdan.store import deliveries, hearers, outlets
from chengdan.store.deliveries import Saying
from chengdan.store.hearers import Notice
from chengdan.store.outlets import Outlet

BATCH = 500
NEWS = timedelta(days=1)
"""What is older is no news: it was brought in, or nobody passed on for days."""
Meant: TypeAlias = tuple[Notice, Hearer]


def pass_on(runtime: Runtime, news: timedelta = NEWS) -> int:
    """Pass on a batch of notifications, those older than `news` to nobody; returns how many."""
    now = runtime.clock()
    with runtime.pool.connection() as connection:
        notices = hearers.left(connection, BATCH)
        active = [outlet for outlet in outlets.all_outlets(connection) if outlet.active] if notices else []
        if active:
            users = sorted({notice.user for notice in notices})
            people = hearers.hearers(connection, users, runtime.config.time_zone)
            declined = hearers.declined(connection, users)
            meant = [
                (notice, people[notice.user])
                for notice in notices
                if notice.user in people
                and (notice.user, notice.kind) not in declined
                and now - notice.at < news
            ]
            said = (saying for outlet in active for saying in sayings(outlet, meant, now))
            for saying in sorted(said, key=lambda saying: saying.at):
                deliveries.say(connection, saying)
    return len(notices)


def sayings(outlet: Outlet, meant: Sequence[Meant], now: datetime) -> Iterator[Saying]:
    """What an outlet says of these notifications: one saying for each subject, whoever of its audience was notified."""
    for group in _by_subject(outlet, meant).values():
        last = group[-1][0]
        occurrences = {(notice.at, notice.zh) for notice, _ in group}
        urgent = any(notice.urgent for notice, _ in group)
        yield Saying(
            outlet.id,
            last.kind,
            last.object,
            last.record,
            last.zh,
            last.en,
            urgent,
            frozenset(hearer.id for _, hearer in group),
            len(occurrences),
            last.at,
            min(hears_at(hearer, now, urgent=urgent) for _, hearer in group),
        )


def _by_subject(outlet: Outlet, meant: Sequence[Meant]) -> Mapping[tuple[str, UUID | str], list[Meant]]:
    groups: dict[tuple[str, UUID | str], list[Meant]] = defaultdict(list)
    for notice, hearer in meant:
        if outlet.audience.includes(hearer, notice.kind, urgent=notice.urgent):
            groups[notice.kind, notice.record or notice.zh].append((notice, hearer))
    return groups
