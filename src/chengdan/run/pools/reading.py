"""What lies in a pool, as far as those who may claim see it: the fields shown, some of them only in part."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from chengdan.base.json import loads_exact
from chengdan.expr import Kind
from chengdan.kernel.field import FieldType
from chengdan.kernel.object import Object
from chengdan.kernel.pool import Pool, mask
from chengdan.kernel.record import UnknownField
from chengdan.run.following import automation
from chengdan.run.pools.claiming import PERMISSION, checked_pool, claimed_today, held, may_use
from chengdan.run.read import DEFAULT_LIMIT, ListQuery, list_records
from chengdan.store import holdings
from chengdan.store.unit import Unit

POOLED = "owner == null"


@dataclass(frozen=True, slots=True)
class Sought:
    """What of a pool is wanted: a search, a condition over the fields shown, an order, and the place in the list."""

    q: str = ""
    filter: str = ""
    sort: str = ""
    cursor: str = ""
    limit: int = DEFAULT_LIMIT


def pools(reader: Unit) -> list[dict[str, Any]]:
    """The pools that the viewer may use, with what they hold and may still claim."""
    return [_standing(reader, pool) for pool in reader.snapshot.pools.values() if may_use(reader, pool)]


def _standing(reader: Unit, pool: Pool) -> dict[str, Any]:
    claims = pool.open_to(reader.principal.roles)
    me = reader.principal.user
    return {
        "name": pool.name,
        "label": pool.label,
        "object": pool.object,
        "fields": shown_fields(reader, pool),
        "masked": list(pool.masked),
        "can": {"claim": claims, "assign": reader.snapshot.permitted(reader.principal, PERMISSION)},
        "held": held(reader, pool, me) if claims else 0,
        "quota": pool.quota_of(reader.principal.roles) if claims else None,
        "claimed_today": claimed_today(reader, pool, me) if claims else 0,
        "daily": pool.daily or None,
        "cool_down_days": pool.cool_down_days,
        "idle": None if pool.idle is None else {"days": pool.idle.days, "warn_days": pool.idle.warn_days},
    }


def shown_fields(reader: Unit, pool: Pool) -> list[str]:
    """The fields of records in the pool that the viewer sees."""
    hidden = reader.snapshot.access(reader.principal, pool.object).hidden
    return [name for name in pool.shown if name not in hidden]


def lying(reader: Unit, name: str, sought: Sought) -> Mapping[str, Any]:
    """One page of what lies in a pool. Raises NoSuchPool, BadQuery, UnknownField, ExpressionError."""
    pool = checked_pool(reader, name)
    item = reader.snapshot.objects[pool.object]
    fields = shown_fields(reader, pool)
    _check(reader, item, fields, pool, sought)
    filter = f"{POOLED} and ({sought.filter})" if sought.filter.strip() else POOLED
    seeing = replace(reader, principal=automation(reader.principal))
    references = tuple(
        one for one in fields if item.by_name[one].type in (FieldType.REFERENCE, FieldType.USER)
    )
    query = ListQuery(item.name, filter, sought.q, sought.sort or "-updated_at", sought.limit, sought.cursor, tuple(fields), references)  # fmt: skip
    page = list_records(seeing, query)
    rows = [loads_exact(text) for text in page.items]
    known = holdings.pooled(reader, [UUID(row["id"]) for row in rows])
    return {
        "items": [_shown(reader, pool, row, known.get(UUID(row["id"]))) for row in rows],
        "next_cursor": page.next_cursor,
    }


def _check(reader: Unit, item: Object, fields: list[str], pool: Pool, sought: Sought) -> None:
    """Refuse what would tell more of a record than is shown: filters and orders by other fields, or by what is masked."""
    open_fields = {name for name in fields if name not in pool.masked} | {"updated_at", "created_at"}
    asked = {part.strip().lstrip("-") for part in sought.sort.split(",") if part.strip()}
    if sought.filter.strip():
        needs = reader.snapshot.compiled(item.name, sought.filter, expect=Kind.BOOLEAN).needs
        asked |= set(needs.record)
        asked |= {f"{path}.{name}" for path, names in needs.references.items() for name in names}
        asked |= {need.object for need in needs.lists.values()}
    for name in sorted(asked - open_fields):
        raise UnknownField(path="filter", name=name, suggestion="")


def _shown(reader: Unit, pool: Pool, row: Mapping[str, Any], known: tuple[Any, ...] | None) -> dict[str, Any]:
    former, name, since, how, note = known or (None, None, None, "", "")
    values = {
        field: mask(value) if field in pool.masked and isinstance(value, str) else value
        for field, value in row.items()
    }
    return {
        **values,
        "pool": {
            "since": since,
            "former": {"id": former, "label": name} if former else None,
            "how": how,
            "note": note,
            "claimable_at": _claimable_at(reader, pool, former, since),
        },
    }


def _claimable_at(reader: Unit, pool: Pool, former: UUID | None, since: datetime | None) -> datetime | None:
    """When the viewer, who held the record last, may claim it again; None: now."""
    if former != reader.principal.user or since is None:
        return None
    until = pool.cooled_at(since)
    return until if until > reader.now else None
