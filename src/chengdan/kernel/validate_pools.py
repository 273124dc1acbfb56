"""Validation of public pools."""

from chengdan.expr import Kind
from chengdan.kernel.fault import Found, checks, contradiction, unknown
from chengdan.kernel.field import TEXTUAL, FieldType
from chengdan.kernel.pool import Pool
from chengdan.kernel.snapshot import Snapshot

MAX_DAYS = 3_650


def validate_pool(snapshot: Snapshot, pool: Pool) -> Found:
    """Every problem of one pool."""
    item = snapshot.object(pool.object)
    if item is None:
        yield unknown(pool.place, "对象", "object", pool.object, snapshot.objects)
        return
    if snapshot.pool_of(item.name) is not pool:
        yield contradiction(pool.place, "一个对象只能有一个公海", "an object has one pool")
    for role in (*pool.who, *(role for role, _ in pool.quota)):
        if role not in snapshot.roles:
            yield unknown(pool.place, "角色", "role", role, snapshot.roles)
    for name in (*pool.shown, *pool.masked):
        if name not in item.by_name:
            yield unknown(pool.place, "字段", "field", name, item.by_name)
    for name in pool.masked:
        field = item.field(name)
        if field is not None and field.type not in TEXTUAL:
            yield contradiction(
                pool.place, f"“{name}”不是文本，不能遮挡", f"`{name}` is no text and can't be masked"
            )
    for name in pool.along:
        if name not in snapshot.children_of(item.name):
            yield unknown(pool.place, "子列表", "list of children", name, snapshot.children_of(item.name))
    if pool.counts:
        yield from checks(pool.place, snapshot, item.name, pool.counts, Kind.BOOLEAN)
    yield from _idle(snapshot, pool)


def _idle(snapshot: Snapshot, pool: Pool) -> Found:
    idle = pool.idle
    if idle is None:
        return
    field = snapshot.objects[pool.object].field(idle.since)
    if field is None or field.stored_type is not FieldType.DATETIME or field.type is FieldType.FORMULA:
        known = snapshot.objects[pool.object].by_name
        instants = [name for name, one in known.items() if one.stored_type is FieldType.DATETIME]
        yield unknown(pool.place, "存下的时间字段", "stored datetime field", idle.since, instants)
    if not 0 <= idle.warn_days < idle.days <= MAX_DAYS:
        yield contradiction(
            pool.place,
            f"warn_days 应小于 days，days 最多 {MAX_DAYS}",
            f"warn_days must be below days, days at most {MAX_DAYS}",
        )
    if idle.exempt:
        yield from checks(pool.place, snapshot, pool.object, idle.exempt, Kind.BOOLEAN)
