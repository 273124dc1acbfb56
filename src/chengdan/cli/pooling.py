"""What lies in the demo company's pools, and whose accounts are about to fall into them.

This belongs to the past that is loaded: its events say when it was, so it comes before anybody does anything.
"""

from datetime import timedelta
from uuid import UUID

from chengdan.kernel.access import Principal
from chengdan.run.action import apply
from chengdan.run.loading import CAUSE
from chengdan.run.pools.claiming import FELL, RELEASED, let_go
from chengdan.run.pools.falling import BATCH, KEEPER, falling, let_fall
from chengdan.run.runtime import Runtime
from chengdan.store import records

POOLED_SHARE = 4
NOTES = ("客户今年没有预算，明年再看。", "换了采购负责人，联系不上。", "总部在外地，建议由当地团队跟进。")
WARNED_DAYS_AGO = 4


def fill_pools(runtime: Runtime, rep: Principal) -> None:
    """Let a quarter of what lies idle have fallen before, some given back by people; of the rest people were warned."""
    for pool in runtime.snapshot.pools.values():
        if pool.idle is None:
            continue
        with runtime.unit(KEEPER, CAUSE) as unit:
            found = [one for one in falling(unit, pool, pool.idle, BATCH) if one.owner != rep.user]
        for number, one in enumerate(found[: len(found) // POOLED_SHARE]):
            given_back = number % POOLED_SHARE == 1
            note = NOTES[number // POOLED_SHARE % len(NOTES)] if given_back else ""
            _pool(runtime, pool.object, one.record, RELEASED if given_back else FELL, note, number)
        let_fall(runtime, pool, runtime.clock() - timedelta(days=WARNED_DAYS_AGO), cause=CAUSE)


def _pool(runtime: Runtime, object: str, record: UUID, how: str, note: str, days: int) -> None:
    pool = runtime.snapshot.pool_of(object)
    at = runtime.clock() - timedelta(days=days % 28, hours=days % 9)
    with runtime.unit(KEEPER, CAUSE, now=at) as unit:
        held = records.lock(unit, object, [record]).get(record)
        if held is not None and pool is not None:
            let_go(unit, pool, held.row, how, note, apply)
