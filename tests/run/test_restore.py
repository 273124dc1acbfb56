"""A restored company goes on: its trail still verifies, and what happens next is sealed onto it."""

from pathlib import Path

from chengdan.base.config import Config
from chengdan.kernel.access import Principal
from chengdan.run import schedule
from chengdan.run.commands import Create
from chengdan.run.runtime import Runtime
from chengdan.store import sealing
from chengdan.store.backup import backup, restore
from chengdan.store.engine import Engine


def test_the_chain_goes_on_in_a_new_cluster(
    runtime: Runtime, admin: Principal, home: Path, tmp_path: Path
) -> None:
    for number in range(30):
        runtime.act(admin, Create("account", {"name": f"上海第{number}机械有限公司"}))
    before = schedule.seal(runtime)
    archive = tmp_path / "company.chengdan"
    backup(runtime.url, None, archive)

    with Engine.start(home) as engine:
        restore(archive, engine.url, None)
        with Runtime.over(engine.url, Config(home=home)) as restored:
            restored.act(admin, Create("account", {"name": "苏州新客户有限公司"}))
            after = schedule.seal(restored)
            with restored.pool.connection() as connection:
                total, findings = sealing.verify(connection)

    assert after >= 1
    assert total == before + after
    assert findings == []
