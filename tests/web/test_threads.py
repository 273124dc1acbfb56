"""Worker threads: what they return and raise, and how many there are."""

import asyncio
import threading

import pytest

from chengdan.web.threads import Threads


def test_gives_back_what_the_work_returns_from_another_thread() -> None:
    async def scene() -> tuple[str, str]:
        return await Threads(2).run(lambda: ("done", threading.current_thread().name))

    assert asyncio.run(scene()) == ("done", "handler-1")


def test_raises_what_the_work_raises() -> None:
    async def scene() -> None:
        await Threads(1).run(lambda: [][1])

    with pytest.raises(IndexError):
        asyncio.run(scene())


def test_works_side_by_side_and_starts_no_more_threads_than_its_size() -> None:
    meeting = threading.Barrier(3, timeout=10)

    def work() -> str:
        meeting.wait()
        return threading.current_thread().name

    async def scene() -> list[str]:
        threads = Threads(3)
        return [
            name for _ in range(2) for name in await asyncio.gather(*(threads.run(work) for _ in range(3)))
        ]

    assert set(asyncio.run(scene())) == {"handler-1", "handler-2", "handler-3"}


def test_goes_on_after_a_caller_gave_up() -> None:
    gate = threading.Event()

    async def scene() -> str:
        threads = Threads(1)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(threads.run(gate.wait), 0.05)
        gate.set()
        return await threads.run(lambda: "next")

    assert asyncio.run(scene()) == "next"


def test_a_thread_outlives_the_loop_that_it_worked_for() -> None:
    gate = threading.Event()
    threads = Threads(1)

    async def leave() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(threads.run(gate.wait), 0.05)

    async def come() -> str:
        return await asyncio.wait_for(threads.run(lambda: threading.current_thread().name), 10)

    asyncio.run(leave())
    gate.set()

    assert asyncio.run(come()) == "handler-1"
