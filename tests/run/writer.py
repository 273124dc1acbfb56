"""A process that writes as fast as it can and says what was acknowledged, until it is killed.

Run as `python writer.py HOME`; each line of its output is `object id version` of a command that has returned.
"""

import sys
import threading
from itertools import count
from pathlib import Path
from random import Random
from uuid import UUID

import psycopg

from chengdan.base.config import Config
from chengdan.base.errors import ChengdanError
from chengdan.kernel.access import Principal
from chengdan.run import schedule
from chengdan.run.commands import Archive, Create, Move, Update
from chengdan.run.runtime import Runtime

KEEPER = Principal(UUID(int=0xB0), "keeper", frozenset({"keeper"}))
WRITERS = 3


def write(runtime: Runtime, seed: int, out: threading.Lock) -> None:
    """Create, change, move and archive jobs of a few clients."""
    random = Random(seed)

    def acknowledged(object: str, command: Create | Update | Move | Archive) -> UUID:
        row = runtime.act(KEEPER, command)[0]
        with out:
            sys.stdout.write(f"{object} {row['id']} {row['version']}\n")
            sys.stdout.flush()
        id: UUID = row["id"]
        return id

    client = ""
    for number in count():
        if number % 10 == 0:
            client = str(acknowledged("client", Create("client", {"name": f"{seed}-{number}"})))
        values = {"name": f"{seed}-{number}", "client": client, "value": random.randrange(100)}
        job = acknowledged("job", Create("job", values))
        acknowledged("job", Update("job", job, None, {"value": random.randrange(100), "urgent": True}))
        acknowledged("job", Move("job", job, None, "trial", override_reason="x"))
        if random.random() < 0.3:
            acknowledged("job", Archive("job", job))


def main(home: Path) -> None:
    out = threading.Lock()
    with Runtime.open(Config(home=home)) as runtime:
        stop = threading.Event()
        threading.Thread(target=schedule.run, args=(runtime, stop), daemon=True).start()
        writers = [
            threading.Thread(target=_until_lost, args=(runtime, seed, out), daemon=True)
            for seed in range(WRITERS)
        ]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()


def _until_lost(runtime: Runtime, seed: int, out: threading.Lock) -> None:
    """Write until the database is gone."""
    try:
        write(runtime, seed, out)
    except (psycopg.Error, ChengdanError) as error:
        sys.stderr.write(f"{type(error).__name__}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
