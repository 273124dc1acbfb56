"""What does the health of 100 k accounts over 10 M activities cost, against the bare SQL of its figures?

100 k accounts with 400 k opportunities, 10 M activities of two years and a seventh as many mails, 300 k concerns, tickets,
months of usage and invoices each. Product: `scoring.recompute`, which reads the twelve signals, works out score and colour,
and writes standings, the accounts' own fields, the day and the events of turns, in transactions of 2,000; calibration left
aside. Bare: one hand-written SELECT per source of the same twelve figures, into a table. In turns; medians. One account: the
standing worked out and written in a transaction of its own, in the minute's statement (`warm`) and with the statement made
anew (`cold`), which happens once a minute; bare: the hand-written figures of that one account.
"""

import statistics
import sys
import time
from typing import LiteralString
from uuid import UUID

from benchmarks.company import Company, company
from benchmarks.measure import Figure, conclude, is_quick, median_ratio, percentile
from chengdan.run import scoring
from chengdan.store import ddl, scores

_COMMON: LiteralString = "uuidv7(interval '-1 day'), 1, now(), now(), s.owner, s.team, s.id"
_PICK: LiteralString = "JOIN picked s ON s.n = (hashint8(i::bigint * 31) & 2147483647) %% %(accounts)s"
_FILL: tuple[LiteralString, ...] = (
    "CREATE TEMP TABLE picked AS SELECT row_number() OVER (ORDER BY a.id) - 1 AS n, a.id, a.owner, a.team, c.id AS contact "
    "FROM data.account a JOIN data.contact c ON c.account = a.id",
    "UPDATE data.account SET created_at = now() - interval '700 days', status = 'customer'",
    "INSERT INTO data.activity (id, version, created_at, updated_at, owner, team, account, subject, kind, at, outcome, "
    "contact) SELECT " + _COMMON + ", '跟进', kind, at, "
    "(ARRAY['positive','neutral','neutral','no_answer'])[1 + i %% 4], s.contact "
    "FROM generate_series(1, %(activities)s) i " + _PICK + " CROSS JOIN LATERAL (SELECT "
    "(ARRAY['call','call','meeting','visit','email','demo','note'])[1 + i %% 7] AS kind, "
    "now() - interval '730 days' * (1 - i::float8 / %(activities)s) AS at) t",
    "INSERT INTO data.email (id, version, created_at, updated_at, owner, team, account, subject, direction, status, at, contact, "
    "tracked, opened_at, replied_at) SELECT " + _COMMON + ", '邮件', 'outgoing', 'sent', at, s.contact, true, "
    "CASE WHEN i %% 5 < 3 THEN at + interval '5 hours' END, "
    "CASE WHEN i %% 4 < 3 THEN at + make_interval(hours => i %% 50) END "
    "FROM generate_series(1, %(mails)s) i " + _PICK + " CROSS JOIN LATERAL (SELECT "
    "now() - interval '730 days' * (1 - i::float8 / %(mails)s) AS at) t",
    "INSERT INTO data.concern (id, version, created_at, updated_at, owner, team, account, subject, status, raised_on, answered_on) "
    "SELECT " + _COMMON + ", '顾虑', 'open', current_date - i %% 300, CASE WHEN i %% 10 > 0 THEN current_date - i %% 300 END "
    "FROM generate_series(1, %(others)s) i " + _PICK,
    "INSERT INTO data.ticket (id, version, created_at, updated_at, owner, team, account, subject, kind, opened_on) "
    "SELECT " + _COMMON + ", '工单', CASE WHEN i %% 5 = 0 THEN 'complaint' ELSE 'question' END, current_date - i %% 365 "
    "FROM generate_series(1, %(others)s) i " + _PICK,
    "INSERT INTO data.usage (id, version, created_at, updated_at, owner, team, account, period, month_on, active_users) "
    "SELECT " + _COMMON + ", '月', (date_trunc('month', now()) - make_interval(months => i %% 6))::date, i %% 100 "
    "FROM generate_series(1, %(others)s) i " + _PICK,
    "INSERT INTO data.invoice (id, version, created_at, updated_at, owner, team, account, number, issued_on, due_on, paid_on) "
    "SELECT " + _COMMON + ", 'INV-' || i, current_date - i %% 365, current_date - i %% 365 + 30, "
    "CASE WHEN i %% 8 > 0 THEN current_date - i %% 365 + 20 END FROM generate_series(1, %(others)s) i " + _PICK,
)  # fmt: skip
_TOUCH: LiteralString = "kind <> 'note' AND outcome IS DISTINCT FROM 'no_answer'"
_RECENT: LiteralString = "now() - interval '90 days'"
_BARE: tuple[LiteralString, ...] = (
    "SELECT account, count(*) FILTER (WHERE at > now() - interval '30 days' AND " + _TOUCH + "), "
    "extract(epoch FROM now() - max(at) FILTER (WHERE " + _TOUCH + ")) / 86400, "
    "avg((outcome <> 'no_answer')::int) FILTER (WHERE at > now() - interval '180 days' AND kind IN ('meeting', 'visit', 'demo')), "
    "count(*) FILTER (WHERE at > " + _RECENT + " AND " + _TOUCH + " AND contact IN (SELECT id FROM data.contact WHERE role = 'decision_maker')) "
    "FROM data.activity WHERE at > now() - interval '400 days' AND at <= now() AND archived_at IS NULL {one} GROUP BY account",
    "SELECT account, avg(((replied_at <= now()) IS TRUE)::int) FILTER (WHERE at > now() - interval '60 days' AND in_reply_to IS NULL "
    "AND (at <= now() - interval '2 days' OR replied_at <= now())), avg(((opened_at <= now() OR replied_at <= now()) IS TRUE)::int) "
    "FILTER (WHERE tracked) FROM data.email WHERE at > " + _RECENT + " AND at <= now() AND direction = 'outgoing' "
    "AND status <> 'bounced' AND archived_at IS NULL {one} GROUP BY account",
    "SELECT account, percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM replied_at - at) / 3600) FROM data.email "
    "WHERE at > " + _RECENT + " AND direction = 'outgoing' AND replied_at <= now() AND archived_at IS NULL {one} GROUP BY account",
    "SELECT account, max(current_date - raised_on) FROM data.concern WHERE answered_on IS NULL AND archived_at IS NULL {one} GROUP BY account",
    "SELECT account, max(extract(epoch FROM now() - stage_since) / 86400 / p.days) FROM data.opportunity o "
    "JOIN chengdan.pace p ON p.object = 'opportunity' AND p.stage = o.stage "
    "WHERE o.stage NOT IN ('won', 'lost') AND archived_at IS NULL {one} GROUP BY account",
    "SELECT account, sum(active_users) FILTER (WHERE month_on >= date_trunc('month', now()) - interval '2 months')::float8 / "
    "nullif(sum(active_users) FILTER (WHERE month_on < date_trunc('month', now()) - interval '2 months'), 0) FROM data.usage "
    "WHERE month_on >= date_trunc('month', now()) - interval '4 months' AND month_on < date_trunc('month', now()) "
    "AND archived_at IS NULL {one} GROUP BY account",
    "SELECT account, avg((kind = 'complaint')::int) FROM data.ticket WHERE opened_on > current_date - 180 AND archived_at IS NULL {one} GROUP BY account",
    "SELECT account, max(CASE WHEN paid_on IS NULL AND due_on < current_date THEN current_date - due_on ELSE 0 END) FROM data.invoice "
    "WHERE issued_on > current_date - 400 AND archived_at IS NULL {one} GROUP BY account",
)  # fmt: skip

_COLUMNS = (5, 3, 2, 2, 2, 2, 2, 2)
"""How many columns each of them has."""


def fill(made: Company, accounts: int, activities: int) -> None:
    """Activities, mails and all else that signals read, by SQL; of those two only the indexes that reading by account needs."""
    facts = {"accounts": accounts, "activities": activities, "mails": activities // 7, "others": accounts * 3}
    with made.runtime.pool.connection() as connection:
        connection.execute("SET LOCAL statement_timeout = 0")
        ddl.drop_indexes(connection, made.runtime.edition.tables)
        for statement in _FILL:
            connection.execute(statement, facts if "%(" in statement else None)
        connection.execute("DROP TABLE picked")
        connection.execute("SET LOCAL maintenance_work_mem = '1GB'")
        for step in ddl.missing(made.runtime.edition.tables, ddl.present(connection)):
            if step.table not in ("activity", "email") or step.name in (
                "activity_account_ix",
                "email_account_ix",
            ):
                connection.execute(step.statement)
    with made.runtime.read_pool.connection() as connection:
        connection.execute("SET statement_timeout = 0")
        connection.execute("VACUUM ANALYZE")
        connection.execute("RESET statement_timeout")


def bare_all(made: Company) -> float:
    """Seconds for the hand-written figures of all accounts, each source into a table."""
    start = time.perf_counter()
    with made.runtime.pool.connection() as connection:
        connection.execute("SET LOCAL statement_timeout = 0")
        for number, statement in enumerate(_BARE):
            select = statement.replace("{one}", "").encode()
            names = b", ".join(b"c%d" % column for column in range(_COLUMNS[number]))
            connection.execute(b"CREATE TEMP TABLE bare%d (%s) ON COMMIT DROP AS " % (number, names) + select)
    return time.perf_counter() - start


def product_all(made: Company) -> float:
    start = time.perf_counter()
    scoring.recompute(made.runtime, made.runtime.snapshot.scores["health"])
    return time.perf_counter() - start


def bare_one(made: Company, account: UUID) -> float:
    start = time.perf_counter()
    with made.runtime.pool.connection() as connection:
        for statement in _BARE:
            connection.execute(statement.replace("{one}", "AND account = %s").encode(), (account,)).fetchall()
    return time.perf_counter() - start


def product_one(made: Company, account: UUID) -> float:
    start = time.perf_counter()
    with made.runtime.unit(scoring.SCORER, "score", batch=True) as unit:
        scoring.rescore(unit, unit.snapshot.scores["health"], [account])
    return time.perf_counter() - start


def main() -> None:
    quick = is_quick(__doc__)
    accounts, activities, rounds, singles = (
        (2_000, 200_000, 2, 20) if quick else (100_000, 10_000_000, 3, 200)
    )
    with company(opportunities=accounts * 4) as made:
        fill(made, accounts, activities)
        health = made.runtime.snapshot.scores["health"]
        with made.runtime.pool.connection() as connection:
            scores.keep_evidence(connection, health.name, made.runtime.clock(), {})
        product_all(made), bare_all(made)
        whole: list[float] = []
        bare: list[float] = []
        for _ in range(rounds):
            bare.append(bare_all(made))
            whole.append(product_all(made))
        with made.runtime.pool.connection() as connection:
            picked = connection.execute(
                "SELECT id FROM data.account ORDER BY md5(id::text) LIMIT %s", (singles,)
            )
            ids = [id for (id,) in picked.fetchall()]
        product_one(made, ids[0])
        warm = [product_one(made, id) for id in ids]
        one = [bare_one(made, id) for id in ids]
        cold = []
        for id in ids[:10]:
            made.runtime.reload_calendar()
            cold.append(product_one(made, id))
    figures = [
        Figure("all accounts", statistics.median(whole), "s", at_most=30),
        Figure("all accounts: bare figures", statistics.median(bare), "s"),
        Figure("all accounts: product / bare", median_ratio(whole, bare), "×"),
        Figure("one account, warm", statistics.median(warm) * 1000, "ms", at_most=20),
        Figure("one account, warm, p95", percentile(warm, 0.95) * 1000, "ms"),
        Figure("one account, cold", statistics.median(cold) * 1000, "ms"),
        Figure("one account: bare figures", statistics.median(one) * 1000, "ms"),
    ]
    conclude(sys.modules[__name__], "health", figures, quick=quick)


if __name__ == "__main__":
    main()
