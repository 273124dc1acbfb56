"""Opening the installation that the settings speak of, with the sales system in it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from chengdan.base.config import Config
from chengdan.run import apps
from chengdan.run.runtime import Runtime

SALES = "chengdan.sales"


@contextmanager
def opened(config: Config | None = None) -> Iterator[Runtime]:
    """The runtime of the settings. A new installation gets the sales system that is shipped."""
    settings = config or Config.read()
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    for noisy in ("procrastinate", "psycopg.pool", "alembic"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, logging.getLevelName(settings.log_level)))
    with Runtime.open(settings) as runtime:
        if runtime.snapshot.version == 0:
            runtime.publish(apps.shipped(SALES), note="shipped")
        yield runtime
