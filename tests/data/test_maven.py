"""The real Maven CRM data comes in whole, as the history that it is."""

from decimal import Decimal
from importlib.resources import files
from pathlib import Path

import pytest

from chengdan.kernel.access import Principal
from chengdan.run.importer.sets import import_set, read_set
from chengdan.run.runtime import Runtime

DATA = Path(__file__).parents[3] / "shared" / "data" / "maven_crm"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the real data is not beside the repository")


def test_the_whole_company_comes_in_with_true_stages_and_amounts(runtime: Runtime, admin: Principal) -> None:
    steps = read_set((files("chengdan.sales") / "maven" / "import.yaml").read_text("utf-8"))

    reports = import_set(runtime, admin, steps, DATA, "Maven 历史数据")
    again = import_set(runtime, admin, steps, DATA, "Maven 历史数据")

    assert [report.refused for report in reports] == [0] * len(steps)
    assert [(report.created, report.updated, report.refused) for report in again] == [(0, 0, 0)] * len(steps)
    with runtime.pool.connection() as connection:
        found = {name: connection.execute(text).fetchall() for name, text in QUERIES.items()}
    assert found == {
        "records": [("account", 85), ("product", 7), ("user", 41), ("team", 9), ("territory", 3)],
        "reps in teams": [(35,)],
        "stages": [("discovery", 1589), ("lost", 2473), ("prospecting", 500), ("won", 4238)],
        "amount": [(Decimal(10_005_534),)],
        "without account": [("discovery", 1088), ("prospecting", 337)],
        "subsidiaries": [(15,)],
        "GTX Pro": [(1480,)],
        "overridden": [("discovery", 8300), ("lost", 2473), ("won", 4238)],
        "unreasoned": [(0,)],
        "moved": [(6711, 6711, 4238)],
        "engaged and closed on other days": [(0,)],
        "news": [(0, 0)],
    }


QUERIES = {
    "records": "SELECT 'account', count(*) FROM data.account UNION ALL SELECT 'product', count(*) FROM data.product "
    "UNION ALL SELECT 'user', count(*) FROM data.\"user\" WHERE username <> 'admin' UNION ALL SELECT 'team', count(*) FROM data.team "
    "UNION ALL SELECT 'territory', count(*) FROM data.territory",
    "reps in teams": "SELECT count(*) FROM data.\"user\" WHERE 'rep' = ANY(roles) AND team IS NOT NULL",
    "stages": "SELECT stage, count(*) FROM data.opportunity GROUP BY 1 ORDER BY 1",
    "amount": "SELECT sum(amount) FROM data.opportunity",
    "without account": "SELECT stage, count(*) FROM data.opportunity WHERE account IS NULL GROUP BY 1 ORDER BY 1",
    "subsidiaries": "SELECT count(*) FROM data.account WHERE parent IS NOT NULL",
    "GTX Pro": "SELECT count(*) FROM data.opportunity o JOIN data.product p ON p.id = o.product "
    "WHERE p.name = 'GTX Pro'",
    "overridden": "SELECT data->>'to', count(DISTINCT record_id) FROM chengdan.event "
    "WHERE kind = 'gate.overridden' GROUP BY 1 ORDER BY 1",
    "unreasoned": "SELECT count(*) FROM chengdan.event WHERE kind = 'gate.overridden' "
    "AND data->>'reason' IS DISTINCT FROM 'Maven 历史数据'",
    "moved": "SELECT count(*), count(DISTINCT record_id), count(*) FILTER (WHERE data->>'to' = 'won') "
    "FROM chengdan.event WHERE kind = 'record.moved'",
    "engaged and closed on other days": "SELECT count(*) FROM data.opportunity WHERE stage <> 'prospecting' AND "
    "((created_at AT TIME ZONE 'Asia/Shanghai')::date <> engaged_on "
    "OR (stage_since AT TIME ZONE 'Asia/Shanghai')::date <> coalesce(closed_on, engaged_on))",
    "news": "SELECT (SELECT count(*) FROM chengdan.notification), (SELECT count(*) FROM chengdan.timer)",
}
