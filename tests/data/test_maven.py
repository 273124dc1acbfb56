"""The real Maven CRM data comes in whole, as the history that it is."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest

from chengdan.cli.demo import PASSWORD
from chengdan.kernel.access import Principal
from chengdan.run.importer.sets import ImportSet, Step, import_set, shipped_sets
from chengdan.run.passwords import hash_password
from chengdan.run.runtime import Runtime
from chengdan.run.sessions import Doorman
from chengdan.run.worker import perform
from chengdan.store.sessions import set_password
from tests.web.site import Json, Site, Visitor, serving

REASON = "Maven 历史数据"
DATA = Path(__file__).parents[3] / "shared" / "data" / "maven_crm"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the real data is not beside the repository")


def test_the_whole_company_comes_in_with_true_stages_and_amounts(runtime: Runtime, admin: Principal) -> None:
    """File by file, as the import page does it; what the command line says of the whole set leaves nothing to change."""
    [maven] = shipped_sets("chengdan.sales")
    with served(runtime, admin) as visitor:
        results = [by_page(runtime, visitor, step, nth(maven, step)) for step in maven.steps]

    again = import_set(runtime, admin, maven.steps, DATA, REASON)

    assert [(one["state"], one["refused"]) for one in results] == [("done", 0)] * len(results)
    assert [(report.created, report.updated, report.refused) for report in again] == [(0, 0, 0)] * len(again)
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


@contextmanager
def served(runtime: Runtime, admin: Principal) -> Iterator[Visitor]:
    """The admin, logged in to a server over the runtime."""
    with runtime.pool.connection() as connection:
        set_password(connection, admin.user, hash_password(PASSWORD), runtime.clock())
    with serving(runtime) as url:
        yield Site(url, runtime).log_in(admin.name)


def nth(maven: ImportSet, step: Step) -> int:
    """Which of the plans for its file and object a step is."""
    alike = [one for one in maven.steps if (one.file, one.plan.object) == (step.file, step.plan.object)]
    return alike.index(step)


def by_page(runtime: Runtime, visitor: Visitor, step: Step, number: int) -> Json:
    """Import a file by the plan that its preview offers."""
    path = f"/api/records/{step.plan.object}/import"
    content = (DATA / step.file).read_bytes()
    shown = visitor.post(f"{path}/preview", files={"file": (step.file, content)}).json()
    plan = [one for one in shown["saved_mappings"] if one["shipped"]][number]["plan"]
    form = {"mapping": json.dumps(plan), "key": plan["key"], "override_reason": REASON}
    id = visitor.post(path, files={"file": (step.file, content)}, data=form).json()["job"]
    perform(Doorman(runtime), UUID(id))
    found: Json = visitor.json("GET", f"/api/jobs/{id}")
    return found


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
