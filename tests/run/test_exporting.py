"""Exports as jobs: with progress, cancelled between pages, a file at the end."""

import csv
from collections.abc import Iterator

import pytest

from chengdan.run import jobs
from chengdan.run.errors import NotPermitted
from chengdan.run.exporting import request_export, run_export
from chengdan.run.jobs import JobCancelled, Progress
from chengdan.run.read import ListQuery
from tests.databases import Databases
from tests.lab.lab import AUDITOR, KEEPER, MING, Lab, open_lab
from tests.run.workers import set_entry

QUERY = ListQuery("job", filter="value > 1", sort="value", fields=("name", "value"))


@pytest.fixture(scope="module")
def lab(databases: Databases, lab_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with databases.fresh(lab_database) as url, open_lab(url, tmp_path_factory.mktemp("exports")) as lab:
        for value in range(4):
            lab.create(KEEPER, "job", name=f"{value} 号", value=value)
        yield lab


def test_a_list_becomes_a_file_with_progress(lab: Lab) -> None:
    with lab.runtime.unit(AUDITOR) as unit:
        id = request_export(unit, QUERY, "csv")
    job = jobs.start(lab.runtime, id)
    assert job is not None
    assert (job.total, job.payload["object"]) == (2, "job")
    result = run_export(lab.runtime, Progress(job, AUDITOR))
    assert result["rows"] == 2
    with lab.runtime.reader(AUDITOR) as reader:
        assert jobs.get(reader, id).done == 2
    with lab.runtime.blobs.local(result["file"]) as path, path.open(encoding="utf-8-sig") as file:
        lines = list(csv.reader(file))
    assert [line[0] for line in lines[1:]] == ["2 号", "3 号"]


def test_it_needs_the_permission_and_a_sound_query(lab: Lab) -> None:
    with pytest.raises(NotPermitted), lab.runtime.unit(MING) as unit:
        request_export(unit, QUERY, "csv")
    with pytest.raises(Exception, match="nonesuch"), lab.runtime.unit(AUDITOR) as unit:
        request_export(unit, ListQuery("job", filter="nonesuch > 1"), "csv")
    with lab.runtime.reader(AUDITOR) as reader:
        assert all(job.payload["query"]["filter"] != "nonesuch > 1" for job in jobs.list_jobs(reader))


def test_one_that_is_cancelled_leaves_no_file(lab: Lab) -> None:
    with lab.runtime.unit(AUDITOR) as unit:
        id = request_export(unit, QUERY, "xlsx")
    set_entry(lab.runtime, id, "doing")
    job = jobs.start(lab.runtime, id)
    assert job is not None
    with lab.runtime.unit(AUDITOR) as unit:
        jobs.cancel(unit, id)
    with pytest.raises(JobCancelled):
        run_export(lab.runtime, Progress(job, AUDITOR))
    with lab.runtime.reader(AUDITOR) as reader:
        assert "file" not in jobs.get(reader, id).result
