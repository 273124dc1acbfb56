"""How long does the whole process report over 1 M events take, and what would the journal itself cost?

130,000 opportunities with a million marks (stages entered with and without deliverables, sub-steps done) over a year, and the
same history as events of the journal. The report (outcome, stages, flow, deliverables) and the map with sub-steps, over the
whole year, through the product's own path, for one who sees everything and for a regional manager. Baseline in the same run:
bare SQL that only pairs each visit with the next by `lead` over the same marks and takes the percentiles, and the same
statement over the journal's JSON. Rounds alternate; medians.
"""

import statistics
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, LiteralString

from benchmarks.company import ADMIN, Company, company
from benchmarks.measure import Figure, alternate, conclude, is_quick, median_ratio, seconds_each
from chengdan.kernel.access import Principal
from chengdan.run.mining.asking import ask
from chengdan.run.mining.comparing import compare
from chengdan.run.mining.report import map_of, report

_WALKS: LiteralString = """
CREATE TEMP TABLE walk AS
SELECT o.id, o.owner, 1 + (hashint8(n) & 2147483647) % 6 AS depth, (hashint8(n + 7) & 1) = 0 AS lost,
       now() - interval '365 days' + ((hashint8(n + 1) & 2147483647) % 240) * interval '1 day' AS began
FROM (SELECT id, owner, row_number() OVER (ORDER BY id) AS n FROM data.opportunity) o
"""
_STAGES: LiteralString = """
CREATE TEMP TABLE visited AS
SELECT id, owner, k, began + k * interval '11 days' + ((hashint8(k + extract(epoch FROM began)::bigint)) & 255) * interval '1 hour' AS at,
       CASE WHEN k = depth AND lost THEN 'lost'
            ELSE (ARRAY['prospecting', 'discovery', 'demo', 'proposal', 'negotiation', 'won'])[k] END AS stage,
       (ARRAY['', 'prospecting', 'discovery', 'demo', 'proposal', 'negotiation'])[k] AS origin
FROM walk, generate_series(1, depth) k
"""
_ENTERED: LiteralString = """
INSERT INTO chengdan.mark (object, record_id, at, kind, name, stage, met, without, actor)
SELECT 'opportunity', id, at, 'entered', stage, origin,
       CASE WHEN k > 1 AND stage <> 'lost' THEN ARRAY['account', 'needs_confirmed', 'demo_given', 'amount', 'quote_file'] END,
       CASE WHEN stage = 'proposal' AND hashint8(k + extract(epoch FROM at)::bigint) % 3 = 0 THEN ARRAY['architecture_confirmed'] END,
       owner
FROM visited ORDER BY at
"""
_DONE: LiteralString = """
INSERT INTO chengdan.mark (object, record_id, at, kind, name, stage, actor)
SELECT 'opportunity', v.id, v.at + d.n * interval '2 hours', 'done', d.name, v.stage, v.owner
FROM visited v JOIN (VALUES (1, 'needs_confirmed'), (2, 'pain_form'), (3, 'quote_file')) d(n, name) ON v.stage NOT IN ('won', 'lost')
ORDER BY v.at LIMIT %(done)s
"""
_JOURNAL: LiteralString = """
INSERT INTO chengdan.event (at, actor, cause, object, record_id, kind, data, snapshot)
SELECT at, actor, 'bench', object, record_id,
       CASE WHEN kind = 'done' THEN 'substep.done' WHEN stage = '' THEN 'record.created' ELSE 'record.moved' END,
       CASE WHEN kind = 'done' THEN jsonb_build_object('name', name, 'stage', stage)
            WHEN stage = '' THEN jsonb_build_object('values', jsonb_build_object('stage', name, 'name', 'x'), 'version', 1)
            ELSE jsonb_build_object('pipeline', 'sales', 'from', stage, 'to', name, 'version', 2) END, 1
FROM chengdan.mark ORDER BY at
"""
_BARE: LiteralString = """
SELECT stage, count(*), percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY extract(epoch FROM until - at))
FROM (SELECT name AS stage, at, lead(at) OVER (PARTITION BY record_id ORDER BY at, id) AS until
      FROM chengdan.mark WHERE object = 'opportunity' AND kind = 'entered') v GROUP BY stage
"""
_BARE_JOURNAL: LiteralString = """
SELECT stage, count(*), percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY extract(epoch FROM until - at))
FROM (SELECT coalesce(data ->> 'to', data -> 'values' ->> 'stage') AS stage, at,
             lead(at) OVER (PARTITION BY record_id ORDER BY at, seq) AS until
      FROM chengdan.event WHERE object = 'opportunity' AND kind IN ('record.created', 'record.moved')) v GROUP BY stage
"""


def fill(made: Company, marks: int) -> int:
    """Give the opportunities a history of about that many marks, in the table and in the journal; how many there are."""
    with made.runtime.pool.connection() as connection:
        connection.execute("SET LOCAL statement_timeout = 0")
        connection.execute("DELETE FROM chengdan.mark")
        for statement in (_WALKS, _STAGES, _ENTERED):
            connection.execute(statement)
        row = connection.execute("SELECT count(*) FROM chengdan.mark").fetchone()
        entered = int(row[0]) if row else 0
        connection.execute(_DONE, {"done": max(0, marks - entered)})
        connection.execute(_JOURNAL)
        row = connection.execute("SELECT count(*) FROM chengdan.mark").fetchone()
    with made.runtime.read_pool.connection() as connection:
        connection.execute("SET statement_timeout = 0")
        connection.execute("VACUUM ANALYZE chengdan.mark, chengdan.event")
    return int(row[0]) if row else 0


def bare(made: Company, statement: LiteralString) -> Callable[[], float]:
    def once() -> None:
        with made.runtime.read_pool.connection() as connection:
            connection.execute(statement).fetchall()

    return lambda: seconds_each(once, 1)


def asking(made: Company, who: Principal, *parts: Callable[[Any], Any]) -> Callable[[], float]:
    until = datetime.now(UTC) + timedelta(days=1)

    def once() -> None:
        with made.runtime.reader(who) as reader:
            asked = ask(reader, "sales", until - timedelta(days=370), until)
            for part in parts:
                part(asked)

    return lambda: seconds_each(once, 1)


def main() -> None:
    quick = is_quick(__doc__)
    count, marks, rounds = (10_000, 80_000, 2) if quick else (130_000, 1_000_000, 2)
    with company(opportunities=count, users=200, teams=40) as made:
        total = fill(made, marks)
        whole = (report, lambda asked: map_of(asked, True))
        found = alternate(
            rounds,
            {
                "bare SQL over the marks": bare(made, _BARE),
                "the same over the journal": bare(made, _BARE_JOURNAL),
                "whole report with the map, all records": asking(made, ADMIN, *whole),
                "whole report with the map, a region's": asking(made, made.regional_manager(), *whole),
                "two periods compared": asking(
                    made, ADMIN, lambda asked: compare(asked, asked.period.before())
                ),
            },
        )
    figures = [Figure("marks", total, "marks")]
    for name, seconds in found.items():
        bound = 5.0 if name.startswith("whole report") and not quick else None
        figures.append(Figure(name, statistics.median(seconds), "s", at_most=bound))
    base = found["bare SQL over the marks"]
    figures.append(Figure("journal / marks", median_ratio(found["the same over the journal"], base), "×"))
    report_ = found["whole report with the map, all records"]
    figures.append(Figure("whole report / bare SQL of one figure", median_ratio(report_, base), "×"))
    conclude(sys.modules[__name__], "mining", figures, quick=quick)


if __name__ == "__main__":
    main()
