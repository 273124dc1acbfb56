"""Loading the blocks of a large history in several processes, as making the records takes longer than writing them down."""

import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from multiprocessing.context import SpawnProcess
from queue import Empty
from typing import Any, Protocol

from chengdan.base.errors import ChengdanError
from chengdan.run.runtime import edition_in_force
from chengdan.store import loads
from chengdan.store.connection import OPTIONS, Connection
from chengdan.store.edition import Edition

WORTH_IT = 8
"""Blocks from which on the start of further processes pays."""
MOST_PROCESSES = 8
WATCH_SECONDS = 1.0


class Blocks(Protocol):
    """A history in blocks that know nothing of each other; another process is given a copy by `pickle`."""

    @property
    def blocks(self) -> int: ...
    def block(self, number: int, /) -> Iterable[Any]: ...


Load = Callable[[Connection, Edition, Iterable[Any]], Mapping[str, int]]
"""Loads batches and counts their records; other processes find it by its name."""


class LoaderEnded(ChengdanError):
    code = "LOAD-003"
    status = 500
    zh = "装入数据的一个进程没有做完就结束了。"
    en = "A process that loads ended before its work was done."
    hint_zh = "上面有它的报错；没有的话，多半是内存不够。"
    hint_en = "What it says is above; if it says nothing, memory may have run out."


def load_blocks(url: str, blocks: Blocks, load: Load) -> Iterator[Mapping[str, int]]:
    """Load all blocks; yields the number of records per object, block by block. Raises LoaderEnded."""
    processes = min(blocks.blocks, os.cpu_count() or 1, MOST_PROCESSES) if blocks.blocks >= WORTH_IT else 1
    if processes == 1:
        yield from _share(url, blocks, load, range(blocks.blocks))
        return
    context = multiprocessing.get_context("spawn")
    done = context.Queue()
    children = [
        context.Process(
            target=_child, args=(url, blocks, load, range(first, blocks.blocks, processes), done), daemon=True
        )
        for first in range(processes)
    ]
    for child in children:
        child.start()
    try:
        for _ in range(blocks.blocks):
            yield _next(done, children)
    finally:
        for child in children:
            child.terminate()
            child.join()


def _next(
    done: "multiprocessing.Queue[Mapping[str, int]]", children: list[SpawnProcess]
) -> Mapping[str, int]:
    """What the next block that is loaded holds. Raises LoaderEnded."""
    while True:
        try:
            return done.get(timeout=WATCH_SECONDS)
        except Empty:
            if any(child.exitcode for child in children):
                raise LoaderEnded() from None


def _child(
    url: str,
    blocks: Blocks,
    load: Load,
    numbers: Iterable[int],
    done: "multiprocessing.Queue[Mapping[str, int]]",
) -> None:
    """Load a share of the blocks. Ends when the parent does, however that ended."""
    parent = multiprocessing.parent_process()
    for counts in _share(url, blocks, load, numbers):
        done.put(counts)
        if parent is None or os.getppid() != parent.pid:
            os._exit(1)


def _share(url: str, blocks: Blocks, load: Load, numbers: Iterable[int]) -> Iterator[Mapping[str, int]]:
    with Connection.connect(url, options=OPTIONS) as connection:
        loads.help_load(connection)
        edition = edition_in_force(connection)
        connection.commit()
        for number in numbers:
            yield load(connection, edition, blocks.block(number))
