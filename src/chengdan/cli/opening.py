"""Opening the installation that the settings speak of, with the sales system in it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from chengdan.base.config import Config
from chengdan.run import apps
from chengdan.run.runtime import Runtime
from chengdan.store import loads
from chengdan.store.engine import open_database

SALES = "chengdan.sales"


@contextmanager
def opened(config: Config | None = None, *, to_load: bool = False) -> Iterator[Runtime]:
    """The runtime of the settings. A new installation gets the sales system that is shipped.

    One whose demo company is not whole is made anew by who comes `to_load` it; others get PartlyLoaded.
    """
    settings = config or Config.read()
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    for noisy in ("procrastinate", "psycopg.pool", "alembic"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, logging.getLevelName(settings.log_level)))
    with open_database(settings) as url:
        if loads.is_partial(url):
            if not to_load:
                raise loads.PartlyLoaded()
            loads.discard(url)
        with _current(url, settings) as runtime:
            yield runtime


@contextmanager
def _current(url: str, settings: Config) -> Iterator[Runtime]:
    with Runtime.over(url, settings) as runtime:
        if runtime.snapshot.version == 0:
            runtime.publish(apps.shipped(SALES), note="shipped")
        yield runtime
