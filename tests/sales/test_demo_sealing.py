"""The demo company's journal verifies, whenever the worker sealed while it was made."""

from pathlib import Path

from chengdan.base.config import Config
from chengdan.cli.demo import load_demo
from chengdan.run import schedule
from chengdan.run.runtime import Runtime
from chengdan.store import sealing
from tests.databases import Databases

SCALE = 0.1


def test_the_journal_verifies_though_its_making_was_sealed_in_parts(
    databases: Databases, sales_template: str, tmp_path: Path
) -> None:
    with databases.fresh(sales_template) as url, Runtime.over(url, Config(home=tmp_path)) as runtime:
        sealed = []
        load_demo(runtime, SCALE, told=lambda step: sealed.append(schedule.seal(runtime)))
        with runtime.pool.connection() as connection:
            assert sealing.verify(connection)[1] == []
        assert sum(map(bool, sealed)) > 1
