"""What does importing 100 k rows through the write path cost against COPY of the same rows?

A file of 100 k opportunities with 22 columns, six of them naming other records, comes in as a job: read twice (checked,
then imported), every cell converted, references and keys resolved, every row through access, types, the gate, rules,
rollups and events. A third of the rows lie past gates and come in as overrides. COPY puts the rows that came of it, all
their columns, into the same table with the same indexes, in one transaction. Once as CSV, once as XLSX; fsync on.
Memory: the most that the process and its children held during the import over what they held before.
"""

import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.company import ADMIN, Company, company
from benchmarks.measure import Figure, conclude, is_quick, resident_mb
from chengdan.run import jobs, worker
from chengdan.run.importer import ImportRequest, read_plan, request_import
from chengdan.run.sessions import Doorman
from chengdan.run.tabular import TableFormat, write_table

COLUMNS = {
    "编号": "external_key",
    "名称": "name",
    "客户": "account",
    "产品": "product",
    "阶段": "stage",
    "负责人": "owner",
    "售前": "presales",
    "背景": "description",
    "金额": "amount",
    "预算": "budget",
    "折扣": "discount",
    "成本": "cost",
    "签约日": "close_on",
    "预测": "forecast",
    "来源": "lead_source",
    "对手": "competitor",
    "下一步": "next_step",
    "下一步日期": "next_step_on",
    "需协同": "needs_help",
    "接洽": "engaged_on",
    "结束": "closed_on",
    "复盘": "loss_note",
}
STAGES = ("初步接触", "初步接触", "需求分析", "赢单", "初步接触", "方案演示")
ROUNDS = 3


def rows(count: int, made: Company, accounts: int) -> Iterator[list[str]]:
    """Rows as a person's workbook has them."""
    people = [person.name for person in made.reps]
    for i in range(count):
        day = f"2026/{i % 12 + 1}/{i % 28 + 1}"
        person = people[i % len(people)]
        yield [
            f"NEW-{i}", f"商机 {i}", f"客户有限公司 {i % accounts + 1}", f"产品 {i % 40 + 1}", STAGES[i % 6],
            person, person, f"需求与背景：{i * 7919}", f"{i * 7919 % 10_000_000 / 100:,.2f}", f"{i % 90}万",
            f"{i % 30}%", f"{i % 5_000}", day, "储备", f"来源 {i % 20 + 1}", f"对手 {i % 20 + 1}",
            f"下一步 {i % 100}", day, "否", day, "", "",
        ]  # fmt: skip


def import_seconds(made: Company, path: Path) -> tuple[float, float]:
    """How long the import of a file takes, and how much memory it needs more."""
    runtime = made.runtime
    with path.open("rb") as file:
        stored = runtime.blobs.put(file)
    plan = read_plan("opportunity", COLUMNS, "external_key")
    with runtime.unit(ADMIN) as unit:
        id = request_import(unit, ImportRequest(stored.sha256, path.name, plan, "history"))
    doorman = Doorman(runtime)
    start = time.perf_counter()
    with watched() as memory:
        worker.perform(doorman, id)
    taken = time.perf_counter() - start
    with runtime.reader(ADMIN) as reader:
        job = jobs.get(reader, id)
    if (job.state, job.result.get("refused")) != (jobs.JobState.DONE, 0):
        raise RuntimeError(f"the import did not go through: {job.result}")
    return taken, max(memory) - memory[0]


@contextmanager
def watched() -> Iterator[list[float]]:
    """The memory of this process and its children, sampled as long as the context lasts."""
    samples = [held()]
    done = threading.Event()

    def sample() -> None:
        while not done.wait(0.05):
            samples.append(held())

    thread = threading.Thread(target=sample)
    thread.start()
    try:
        yield samples
    finally:
        done.set()
        thread.join()


def held() -> float:
    """MB resident in this process and its readers of workbooks; the database server is none of them."""
    total = resident_mb()
    for task in Path("/proc/self/task").glob("*/children"):
        for child in task.read_text().split():
            try:
                if b"sheet_reader" in Path(f"/proc/{child}/cmdline").read_bytes():
                    total += resident_mb(child)
            except OSError:
                continue
    return total


def copy_seconds(made: Company, dump: Path) -> float:
    """How long COPY takes to put the dumped rows into the emptied table."""
    with made.runtime.pool.connection() as connection:
        connection.execute("TRUNCATE data.opportunity")
    start = time.perf_counter()
    with (
        made.runtime.pool.connection() as connection,
        dump.open("rb") as file,
        connection.cursor().copy("COPY data.opportunity FROM STDIN") as stream,
    ):
        while chunk := file.read(1 << 20):
            stream.write(chunk)
    return time.perf_counter() - start


def dump_rows(made: Company, dump: Path) -> None:
    """Write what the import made, as COPY writes it."""
    query = "COPY data.opportunity TO STDOUT"
    with (
        made.runtime.pool.connection() as connection,
        dump.open("wb") as file,
        connection.cursor().copy(query) as stream,
    ):
        file.writelines(stream)


def forget(made: Company) -> None:
    """Take the imported rows away again."""
    with made.runtime.pool.connection() as connection:
        connection.execute("TRUNCATE data.opportunity")


def main(quick: bool) -> Sequence[Figure]:
    """Import both files and COPY what came of them."""
    count, accounts = (5_000, 500) if quick else (100_000, 2_000)
    figures: list[Figure] = []
    formats: tuple[TableFormat, ...] = ("csv", "xlsx")
    with company(opportunities=accounts * 4) as made, tempfile.TemporaryDirectory() as folder:
        taken: dict[str, tuple[float, float]] = {}
        dump = Path(folder) / "rows.copy"
        for format in formats:
            path = Path(folder) / f"rows.{format}"
            write_table(path, list(COLUMNS), rows(count, made, accounts), format=format)
            forget(made)
            taken[format] = import_seconds(made, path)
        dump_rows(made, dump)
        copied = sorted(copy_seconds(made, dump) for _ in range(ROUNDS))[ROUNDS // 2]
        for format in formats:
            seconds, memory = taken[format]
            figures.append(Figure(f"{format}: import / COPY", seconds / copied, "×", at_most=12))
            figures.append(Figure(f"{format}: rows a second", count / seconds, "rows/s"))
            figures.append(Figure(f"{format}: more memory", memory, "MB", at_most=300))
        figures.append(Figure("COPY: rows a second", count / copied, "rows/s"))
    return figures


if __name__ == "__main__":
    short = is_quick(__doc__)
    conclude(sys.modules[__name__], "import_rows", main(short), quick=short)
