"""The audits of the demo company are held although somebody else keeps the server's transactions from being final."""

import threading
from pathlib import Path

import psycopg

from chengdan.base.config import Config
from chengdan.cli.demo_audits import hold_audits
from chengdan.run.runtime import Runtime
from tests.databases import Databases

HELD_S = 0.5
"""Long enough that the first attempts to seal find nothing final."""


def test_a_draw_waits_for_the_oldest_transaction_of_the_server(
    databases: Databases, sales_template: str, tmp_path: Path
) -> None:
    with (
        databases.fresh(sales_template) as url,
        Runtime.over(url, Config(home=tmp_path)) as runtime,
        databases.fresh() as elsewhere,
        psycopg.connect(elsewhere) as slow,
    ):
        slow.execute("SELECT pg_current_xact_id()")
        release = threading.Timer(HELD_S, slow.commit)
        release.start()
        hold_audits(runtime)
        release.join()
        with runtime.pool.connection() as connection:
            found = connection.execute(
                "SELECT status, count(*) FROM data.audit_draw WHERE draw_at <= now() GROUP BY status"
            ).fetchall()
        assert [status for status, _ in found] == ["drawn"]
