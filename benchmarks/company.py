"""A company to measure on: the shipped sales system over an embedded PostgreSQL of its own, fsync on, filled by SQL."""

import os
import random
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import LiteralString
from uuid import UUID

from chengdan.base.config import Config
from chengdan.base.ids import new_id
from chengdan.kernel.access import Principal
from chengdan.run import apps
from chengdan.run.runtime import Runtime
from chengdan.store import ddl, rollups

ADMIN = Principal(UUID(int=1), "admin", frozenset({"admin"}))
REGIONS = 10
ACCOUNTS_PER_OPPORTUNITY = 0.25

_TEAM: LiteralString = (
    "INSERT INTO data.team (id, version, created_at, updated_at, name, parent) "
    "VALUES (%s, 1, now(), now(), %s, %s)"
)
_USER: LiteralString = (
    'INSERT INTO data."user" (id, version, created_at, updated_at, username, name, roles, active, team) '
    "VALUES (%s, 1, now(), now(), %s, %s, %s, true, %s)"
)
_STAFF: LiteralString = (
    "CREATE TEMP TABLE staff AS SELECT row_number() OVER (ORDER BY username) - 1 AS n, id, team "
    "FROM data.\"user\" WHERE 'rep' = ANY(roles)"
)
_ACCOUNTS: LiteralString = (
    "INSERT INTO data.account (id, version, created_at, updated_at, name, owner, team, open_opportunity_count, "
    "open_amount, won_amount, open_concern_count) "
    "SELECT uuidv7(interval '-1 day'), 1, now(), now(), '客户有限公司 ' || i, s.id, s.team, 0, 0, 0, 0 "
    "FROM generate_series(1, %(accounts)s) i JOIN staff s ON s.n = (hashint8(i) & 2147483647) %% %(staff)s"
)
_CONTACTS: LiteralString = (
    "INSERT INTO data.contact (id, version, created_at, updated_at, name, mobile, role, account, owner, team) "
    "SELECT uuidv7(interval '-1 day'), 1, now(), now(), '联系人', '13800000000', 'decision_maker', id, owner, team "
    "FROM data.account"
)
_SHELVES: LiteralString = "CREATE TEMP TABLE shelf AS SELECT row_number() OVER (ORDER BY id) - 1 AS n, id, owner, team FROM data.account"
_MARKET: tuple[LiteralString, ...] = (
    "INSERT INTO data.product (id, version, created_at, updated_at, name, open_opportunity_count, won_amount) "
    "SELECT uuidv7(), 1, now(), now(), '产品 ' || i, 0, 0 FROM generate_series(1, 40) i",
    "INSERT INTO data.competitor (id, version, created_at, updated_at, name, contested_count, lost_count) "
    "SELECT uuidv7(), 1, now(), now(), '对手 ' || i, 0, 0 FROM generate_series(1, 20) i",
    "INSERT INTO data.lead_source (id, version, created_at, updated_at, name, lead_count, opportunity_count, won_amount) "
    "SELECT uuidv7(), 1, now(), now(), '来源 ' || i, 0, 0, 0 FROM generate_series(1, 20) i",
    "CREATE TEMP TABLE goods AS SELECT row_number() OVER () - 1 AS n, id FROM data.product",
    "CREATE TEMP TABLE source AS SELECT row_number() OVER () - 1 AS n, id FROM data.lead_source",
)
_OPPORTUNITIES: LiteralString = """
INSERT INTO data.opportunity (id, version, created_at, updated_at, created_by, updated_by, owner, team, name, number,
  account, product, lead_source, stage, stage_since, description, amount, amount_currency, budget, budget_currency, discount, cost,
  cost_currency, close_on, forecast, external_key, next_step, next_step_on, needs_help, engaged_on, activity_count,
  last_activity_at, open_concern_count, checklist)
SELECT uuidv7(make_interval(secs => i - %(count)s)), 1, at, at, s.owner, s.owner, s.owner, s.team, '商机 ' || i,
  'OPP-OLD-' || i, s.id, g.id, c.id, (ARRAY['prospecting','discovery','demo','proposal','negotiation','won','lost'])[1 + i %% 7],
  at, '需求与背景：' || md5(i::text), (i::bigint * 7919) %% 10000000 / 100.0, 'CNY', (i::bigint * 104729) %% 10000000 / 100.0, 'CNY',
  i %% 30, (i::bigint * 31) %% 5000000 / 100.0, 'CNY', date '2026-01-01' + i %% 365, 'pipeline', 'EXT-' || i,
  '下一步 ' || i %% 100, date '2026-01-01' + i %% 365, false, date '2025-01-01' + i %% 365, 0, NULL::timestamptz, 0, '{}'
FROM generate_series(1, %(count)s) i
JOIN shelf s ON s.n = (hashint8(i::bigint * 31) & 2147483647) %% %(accounts)s
JOIN goods g ON g.n = i %% 40
JOIN source c ON c.n = i %% 20
CROSS JOIN LATERAL (SELECT now() - make_interval(secs => %(count)s - i) AS at) t
ORDER BY i
"""
_ACTIVITIES: LiteralString = (
    "INSERT INTO data.activity (id, version, created_at, updated_at, subject, kind, at, account, opportunity, owner, team) "
    "SELECT uuidv7(interval '-1 day'), 1, now(), now(), '首次电话', 'call', now(), account, id, owner, team "
    "FROM data.opportunity ORDER BY id DESC LIMIT %(activities)s"
)


@dataclass
class Company:
    """A running company: teams by region, reps as principals, and the newest opportunities."""

    runtime: Runtime
    home: Path
    regions: dict[UUID, list[UUID]] = field(default_factory=dict)
    reps: list[Principal] = field(default_factory=list)

    def manager(self) -> Principal:
        """The leader of the first rep's team."""
        team = self.reps[0].teams[0]
        return Principal(new_id(), "manager", frozenset({"manager"}), (team,), (team,))

    def regional_manager(self) -> Principal:
        """The leader of the first region."""
        region, teams = next(iter(self.regions.items()))
        return Principal(new_id(), "director", frozenset({"manager"}), (region,), (region, *teams))

    def newest(self, count: int, stage: str | None = None) -> list[tuple[UUID, UUID]]:
        """Ids of the newest opportunities (in a stage), each with its owner's id."""
        with self.runtime.pool.connection() as connection:
            return connection.execute(
                "SELECT id, owner FROM data.opportunity WHERE %s::text IS NULL OR stage = %s ORDER BY id DESC LIMIT %s",
                (stage, stage, count),
            ).fetchall()


@contextmanager
def company(
    *,
    opportunities: int,
    users: int = 100,
    teams: int = 20,
    activities: int = 0,
    pool_size: int = 10,
    reads: bool = False,
) -> Iterator[Company]:
    """A company with so many opportunities, spread over users at random; `activities` of the newest have a call.

    For who only `reads`, it is kept in the folder that CHENGDAN_BENCHMARK_STORES names, and taken from there the next time;
    its `reps` and `regions` are then empty.
    """
    stores = os.environ.get("CHENGDAN_BENCHMARK_STORES", "") if reads else ""
    name = f"{opportunities}-{users}-{teams}-{activities}"
    folder = (
        Path(stores, name) if stores else Path(tempfile.mkdtemp(prefix="chengdan-benchmark-", dir="/var/tmp"))
    )
    home, finished = folder / "home", folder / "finished"
    try:
        with Runtime.open(Config(home=home, pool_size=pool_size)) as runtime:
            made = Company(runtime, home)
            if not finished.exists():
                runtime.publish(apps.shipped("chengdan.sales"), note="benchmark")
                _people(made, users, teams)
                _records(made, opportunities, activities)
                finished.touch()
            yield made
    finally:
        if not stores:
            shutil.rmtree(folder)


def _people(made: Company, users: int, teams: int) -> None:
    with made.runtime.pool.connection() as connection:
        for number in range(REGIONS):
            region = new_id()
            connection.execute(_TEAM, (region, f"大区 {number}", None))
            made.regions[region] = []
        rows = []
        for number in range(teams - REGIONS):
            team, region = new_id(), list(made.regions)[number % REGIONS]
            connection.execute(_TEAM, (team, f"小组 {number}", region))
            made.regions[region].append(team)
        groups = [team for teams in made.regions.values() for team in teams]
        for number in range(users):
            user, team = new_id(), groups[number % len(groups)]
            rows.append((user, f"rep{number:05}", f"销售 {number}", ["rep"], team))
            made.reps.append(Principal(user, f"rep{number:05}", frozenset({"rep"}), (team,), (team,)))
        connection.cursor().executemany(_USER, rows)
        admin = (ADMIN.user, ADMIN.name, "管理员", ["admin"], None)
        connection.execute(_USER, admin)
    random.Random(7).shuffle(made.reps)


def _records(made: Company, opportunities: int, activities: int) -> None:
    accounts = max(1, int(opportunities * ACCOUNTS_PER_OPPORTUNITY))
    facts = {
        "count": opportunities,
        "accounts": accounts,
        "staff": len(made.reps),
        "activities": activities,
    }
    with made.runtime.pool.connection() as connection:
        connection.execute("SET LOCAL statement_timeout = 0")
        ddl.drop_indexes(connection, made.runtime.edition.tables)
        for statement in (*_MARKET, _STAFF, _ACCOUNTS, _CONTACTS, _SHELVES, _OPPORTUNITIES, _ACTIVITIES):
            connection.execute(statement, facts if "%(" in statement else None)
        for object in made.runtime.snapshot.objects:
            rollups.recompute_all(connection, made.runtime.edition, object)
        ddl.build_indexes(connection, made.runtime.edition.tables)
        connection.execute("DROP TABLE staff, shelf, goods, source")
    with made.runtime.read_pool.connection() as connection:
        connection.execute("SET statement_timeout = 0")
        connection.execute("VACUUM ANALYZE")
        connection.execute("SET statement_timeout = 30000")
