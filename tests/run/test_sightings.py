"""Who looked at records with sensitive fields: written down in batches, found by record, shown to those permitted."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from chengdan.kernel.access import Principal
from chengdan.run import read
from chengdan.run.errors import NotFound, NotPermitted
from chengdan.run.read import ListQuery
from chengdan.run.sightings import seen_by
from tests.databases import Databases
from tests.lab.lab import BOSS, FANG, HEAD, LIU, MING, Lab, build_lab, open_lab
from tests.lab.manifests import manifests


@pytest.fixture
def lab(databases: Databases, tmp_path: Path) -> Iterator[Lab]:
    files = manifests()
    files["objects/client.yaml"] = files["objects/client.yaml"].replace(
        "fields:\n", "sensitive: [credit, region]\nfields:\n", 1
    )
    files["roles/head.yaml"] = files["roles/head.yaml"].replace("permissions: [", "permissions: [view_log, ")
    template = databases.template("sightings", lambda url: build_lab(url, tmp_path, files))
    with databases.fresh(template) as url, open_lab(url, tmp_path) as lab:
        yield lab


def looks(lab: Lab) -> list[tuple[Any, ...]]:
    """Who saw how many of what in which way, in the order of the events."""
    lab.runtime.sightings.flush()
    return lab.query(
        "SELECT actor, object, data ->> 'how', jsonb_array_length(data -> 'records') FROM chengdan.event "
        "WHERE kind = 'record.viewed' ORDER BY seq"
    )


def viewers(lab: Lab, who: Principal, id: UUID) -> list[tuple[str, str, int]]:
    with lab.runtime.reader(who) as reader:
        return [(one["by"]["label"], one["how"], one["among"]) for one in seen_by(reader, "client", id)]


def test_a_record_that_is_opened_and_a_list_that_shows_it_are_found(lab: Lab) -> None:
    clients = [lab.create(MING, "client", name=f"c{number}") for number in range(3)]
    lab.get(FANG, "client", clients[0]["id"])
    assert looks(lab) == [(FANG.user, "client", "record", 1)]
    lab.listed(HEAD, "client", fields=("name", "region"))
    assert looks(lab)[1:] == [(HEAD.user, "client", "list", 3)]
    assert viewers(lab, HEAD, clients[0]["id"]) == [("head", "list", 3), ("fang", "record", 1)]
    assert viewers(lab, HEAD, clients[1]["id"]) == [("head", "list", 3)]


def test_what_shows_nothing_sensitive_is_not_written_down(lab: Lab) -> None:
    client = lab.create(MING, "client")
    lab.listed(MING, "client", fields=("name",))
    job = lab.create(MING, "job", client=str(client["id"]))
    lab.get(MING, "job", job["id"])
    assert looks(lab) == []


def test_looking_again_and_again_counts_once(lab: Lab) -> None:
    client = lab.create(MING, "client")
    for _ in range(50):
        lab.get(MING, "client", client["id"])
        lab.listed(MING, "client")
    assert looks(lab) == [(MING.user, "client", "record", 1), (MING.user, "client", "list", 1)]
    lab.get(MING, "client", client["id"])
    assert len(looks(lab)) == 2


def test_many_reads_are_few_events(lab: Lab) -> None:
    for number in range(60):
        lab.create(MING, "client", name=f"c{number:02}")
    cursor = ""
    for _ in range(6):
        with lab.runtime.reader(MING) as reader:
            cursor = (
                read.list_records(
                    reader, ListQuery("client", sort="name", limit=10, cursor=cursor)
                ).next_cursor
                or ""
            )
    assert looks(lab) == [(MING.user, "client", "list", 60)]


def test_only_those_permitted_see_who_looked_and_only_at_what_they_see(lab: Lab) -> None:
    theirs = lab.create(LIU, "client")
    lab.get(LIU, "client", theirs["id"])
    lab.runtime.sightings.flush()
    assert viewers(lab, BOSS, theirs["id"]) == [("liu", "record", 1)]
    with pytest.raises(NotPermitted):
        viewers(lab, LIU, theirs["id"])
    with pytest.raises(NotFound):
        viewers(lab, HEAD, theirs["id"])


def test_a_page_that_follows_the_journal_is_not_woken_by_looks(lab: Lab) -> None:
    client = lab.create(MING, "client")
    lab.get(MING, "client", client["id"])
    looks(lab)
    assert "record.viewed" not in lab.kinds(client["id"])
