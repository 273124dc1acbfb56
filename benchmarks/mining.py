"""How long does the whole process report over 1 M events take, and what would the journal itself cost?

130,000 opportunities with a million events over a year (stages entered with and without deliverables, sub-steps done), and the
marks that the product makes of them. The report (outcome, stages, flow, deliverables) and the map with sub-steps, over the
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
from chengdan.run.runtime import rebuild_marks

_WALKS: LiteralString = """
CREATE TEMP TABLE walk AS
SELECT o.id, o.owner, stage = 'lost' AS lost,
       CASE stage WHEN 'lost' THEN 1 + (hashint8(n) & 2147483647) % 6
            ELSE array_position(ARRAY['prospecting', 'discovery', 'demo', 'proposal', 'negotiation', 'won'], stage) END AS depth,
       now() - interval '365 days' + ((hashint8(n + 1) & 2147483647) % 240) * interval '1 day' AS began
FROM (SELECT id, owner, stage, row_number() OVER (ORDER BY id) AS n FROM data.opportunity) o
"""
_STAGES: LiteralString = """
CREATE TEMP TABLE visited AS
SELECT id, owner, k, began + k * interval '11 days' + ((hashint8(k + extract(epoch FROM began)::bigint)) & 255) * interval '1 hour' AS at,
       CASE WHEN k = depth AND lost THEN 'lost'
            ELSE (ARRAY['prospecting', 'discovery', 'demo', 'proposal', 'negotiation', 'won'])[k] END AS stage,
       (ARRAY['', 'prospecting', 'discovery', 'demo', 'proposal', 'negotiation'])[k] AS origin
FROM walk, generate_series(1, depth) k
"""
_RECORDS: LiteralString = """
UPDATE data.opportunity o SET created_at = v.began, stage_since = v.ended
FROM (SELECT id, min(at) AS began, max(at) AS ended FROM visited GROUP BY id) v WHERE v.id = o.id
"""
_JOURNAL: LiteralString = """
INSERT INTO chengdan.event (at, actor, cause, object, record_id, kind, data, snapshot)
SELECT at, owner, 'bench', 'opportunity', id, kind, data, %(version)s FROM (
    SELECT at, owner, id, CASE WHEN origin = '' THEN 'record.created' ELSE 'record.moved' END AS kind,
           CASE WHEN origin = '' THEN jsonb_build_object('values', jsonb_build_object('stage', stage, 'name', 'x'), 'version', 1)
                ELSE jsonb_build_object('pipeline', 'sales', 'from', origin, 'to', stage, 'version', 2) END ||
           CASE WHEN stage = 'proposal' AND hashint8(k + extract(epoch FROM at)::bigint) %% 3 = 0
                THEN '{"without": ["architecture_confirmed"]}' ELSE '{}' END::jsonb AS data
    FROM visited
    UNION ALL (
    SELECT v.at + d.n * interval '2 hours', v.owner, v.id, 'substep.done', jsonb_build_object('name', d.name, 'stage', v.stage)
    FROM visited v JOIN (VALUES (1, 'needs_confirmed'), (2, 'pain_form'), (3, 'quote_file')) d(n, name) ON v.stage NOT IN ('won', 'lost')
    ORDER BY v.at LIMIT %(events)s - (SELECT count(*) FROM visited))
) told ORDER BY at
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


def fill(made: Company, events: int) -> float:
    """Give the opportunities a history of so many events, and the marks that follow from them; the seconds that those took."""
    with made.runtime.pool.connection() as connection:
        connection.execute("SET LOCAL statement_timeout = 0")
        for statement in (_WALKS, _STAGES, _RECORDS):
            connection.execute(statement)
        connection.execute(_JOURNAL, {"events": events, "version": made.runtime.snapshot.version})
    with made.runtime.pool.connection() as connection:
        seconds = seconds_each(lambda: rebuild_marks(connection, made.runtime.edition), 1)
    with made.runtime.read_pool.connection() as connection:
        connection.execute("SET statement_timeout = 0")
        connection.execute("VACUUM ANALYZE chengdan.mark, chengdan.event, data.opportunity")
    return seconds


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
    count, events, rounds = (10_000, 80_000, 2) if quick else (130_000, 1_000_000, 2)
    with company(opportunities=count, users=200, teams=40) as made:
        made_again = fill(made, events)
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
    figures = [Figure("all marks made again from the journal", made_again, "s")]
    for name, seconds in found.items():
        bound = 5.0 if name.startswith(("whole report", "two periods")) and not quick else None
        figures.append(Figure(name, statistics.median(seconds), "s", at_most=bound))
    base = found["bare SQL over the marks"]
    figures.append(Figure("journal / marks", median_ratio(found["the same over the journal"], base), "×"))
    report_ = found["whole report with the map, all records"]
    figures.append(Figure("whole report / bare SQL of one figure", median_ratio(report_, base), "×"))
    conclude(sys.modules[__name__], "mining", figures, quick=quick)


if __name__ == "__main__":
    main()
