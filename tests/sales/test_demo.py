from collections import Counter
from datetime import UTC, date, datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import Any

import pytest

from chengdan.kernel.event import EventKind
from chengdan.sales.demo import LOGINS, documents, generate
from chengdan.sales.demo.batch import CREATED, FILE_ATTACHED, MOVED, SUBSTEP_DONE, UPDATED
from chengdan.sales.demo.workdays import WorkDays, is_holiday
from tests.sales.company import NOW, Company

SYSTEM = {"id", "version", "created_at", "created_by", "updated_at", "updated_by", "stage_since"}
BUMPING = {CREATED, UPDATED, MOVED}


def fingerprint(seed: int) -> str:
    digest = sha256()
    for batch in generate(seed, 0.05, NOW):
        digest.update(repr((batch.object, batch.columns, batch.rows, batch.events)).encode())
    return digest.hexdigest()


def test_is_the_same_for_the_same_seed_and_another_for_another() -> None:
    assert fingerprint(1) == fingerprint(1)
    assert fingerprint(1) != fingerprint(2)


def test_refuses_a_naive_now_and_a_scale_of_nothing() -> None:
    with pytest.raises(ValueError):
        next(generate(1, 1, datetime(2026, 1, 1)))  # noqa: DTZ001
    with pytest.raises(ValueError):
        next(generate(1, 0, NOW))


@cache
def tally(scale: float) -> tuple[Counter[str], list[str]]:
    """How many records of each object a company of this scale has, and the numbers of its contacts."""
    counter: Counter[str] = Counter()
    numbers = []
    for batch in generate(3, scale, NOW):
        counter[batch.object] += len(batch.rows)
        if batch.object == "contact":
            column = batch.columns.index("mobile")
            numbers += [str(row[column]) for row in batch.rows]
    return counter, numbers


def test_scale_multiplies_opportunities_over_one_organisation() -> None:
    small, large = tally(0.1)[0], tally(2.2)[0]
    assert (small["opportunity"], large["opportunity"]) == (200, 4400)
    assert 9 * 4400 < large["activity"] < 12 * 4400
    assert large["user"] < 2 * small["user"]


def test_hardly_anybody_shares_a_number_however_many_there_are() -> None:
    for scale in (0.5, 2.2):
        numbers = tally(scale)[1]
        assert 0.001 < (len(numbers) - len(set(numbers))) / len(numbers) < 0.01


def test_event_kinds_are_the_ones_of_the_journal() -> None:
    assert (CREATED, UPDATED, MOVED) == (EventKind.CREATED, EventKind.UPDATED, EventKind.MOVED)
    assert (SUBSTEP_DONE, FILE_ATTACHED) == (EventKind.SUBSTEP_DONE, EventKind.FILE_ATTACHED)


def test_replaying_the_events_gives_the_rows(company: Company) -> None:
    for records in company.records.values():
        for id, record in records.items():
            values: dict[str, Any] = {}
            for at, actor, kind, data in company.events[id]:
                if kind == CREATED:
                    values = dict(data["values"])
                    assert (at, actor) == (record["created_at"], record["created_by"])
                elif kind == UPDATED:
                    assert {name: values.get(name) for name in data["changes"]} == {
                        name: old for name, (old, _) in data["changes"].items()
                    }
                    values.update({name: new for name, (_, new) in data["changes"].items()})
                elif kind == MOVED:
                    field = "stage" if "stage" in values else "status"
                    assert values[field] == data["from"]
                    values[field] = data["to"]
            filled = {
                name: value for name, value in record.items() if value is not None and name not in SYSTEM
            }
            assert filled == {name: value for name, value in values.items() if value is not None}


def test_versions_count_the_changes(company: Company) -> None:
    for records in company.records.values():
        for id, record in records.items():
            changes = [(at, actor, data) for at, actor, kind, data in company.events[id] if kind in BUMPING]
            assert [data["version"] for _, _, data in changes] == list(range(1, record["version"] + 1))
            assert changes[-1][:2] == (record["updated_at"], record["updated_by"])


def test_stage_since_is_the_last_move(company: Company) -> None:
    for name in ("opportunity", "lead"):
        for id, record in company.records[name].items():
            moves = [at for at, _, kind, _ in company.events[id] if kind == MOVED]
            assert record["stage_since"] == (moves[-1] if moves else record["created_at"])


def test_events_are_in_order_and_none_lies_in_the_future(company: Company) -> None:
    for batch in company.batches:
        instants = [event[0] for event in batch.events]
        assert instants == sorted(instants)
        assert all(instant <= NOW for instant in instants)


def test_every_reference_leads_to_an_earlier_record(company: Company) -> None:
    seen = {record["id"] for name in ("team", "user") for record in company.records[name].values()}
    for batch in company.batches:
        for row in batch.rows:
            seen.add(row[0])
            references = {value for value in row if type(value).__name__ == "UUID"}
            assert references <= seen, batch.object


def test_everyone_may_log_in_under_the_name_of_a_role(company: Company) -> None:
    users = {user["username"]: user for user in company.records["user"].values()}
    assert {name: users[name]["roles"] for name in LOGINS} == {name: [name] for name in LOGINS}
    assert len(users) == len(company.records["user"])


def test_rep_sits_in_a_city_group_led_by_manager_below_a_region_below_head_office(company: Company) -> None:
    users = {user["username"]: user for user in company.records["user"].values()}
    teams = company.records["team"]
    group = teams[users["rep"]["team"]]
    region = teams[group["parent"]]
    assert group["lead"] == users["manager"]["id"]
    assert teams[region["parent"]]["name"] == "总部"
    assert teams[region["parent"]]["parent"] is None
    assert users["manager"]["team"] == group["id"]


def test_numbers_and_usernames_are_unique(company: Company) -> None:
    for name in ("account", "opportunity", "lead"):
        numbers = [record["number"] for record in company.records[name].values()]
        assert len(set(numbers)) == len(numbers)


def test_lost_opportunities_say_why_and_closed_ones_when(company: Company) -> None:
    for opportunity in company.records["opportunity"].values():
        assert (opportunity["loss_reason"] is not None) == (opportunity["stage"] == "lost")
        assert (opportunity["closed_on"] is not None) == (opportunity["stage"] in ("won", "lost"))


def test_accounts_that_bought_are_customers(company: Company) -> None:
    bought = {item["account"] for item in company.records["opportunity"].values() if item["stage"] == "won"}
    customers = {item["id"] for item in company.records["account"].values() if item["status"] == "customer"}
    assert bought == customers
    assert bought


def test_open_opportunities_are_partly_silent_and_partly_fresh(company: Company) -> None:
    last: dict[Any, datetime] = {}
    for activity in company.records["activity"].values():
        key = activity["opportunity"]
        last[key] = max(activity["at"], last.get(key, activity["at"]))
    current = [
        item for item in company.records["opportunity"].values() if item["stage"] not in ("won", "lost")
    ]
    silent = [
        item
        for item in current
        if NOW - max(item["updated_at"], last.get(item["id"], item["updated_at"])) > timedelta(hours=72)
    ]
    assert 0.2 < len(silent) / len(current) < 0.7


def test_attached_files_show_documents_that_exist() -> None:
    for kind, document in documents().items():
        assert document.kind == kind.removesuffix("_unsigned")
        assert document.content.startswith(b"\x89PNG\r\n\x1a\n")
        assert sha256(document.content).hexdigest() == document.sha256


def test_files_of_events_are_documents(company: Company) -> None:
    known = {(document.sha256, len(document.content)) for document in documents().values()}
    attached = {
        (data["sha256"], data["size"])
        for events in company.events.values()
        for _, _, kind, data in events
        if kind == FILE_ATTACHED
    }
    assert attached == known


@pytest.mark.parametrize(
    ("day", "holiday"),
    [
        (date(2026, 2, 16), True),
        (date(2026, 2, 23), True),
        (date(2026, 2, 24), False),
        (date(2026, 10, 1), True),
        (date(2026, 10, 8), False),
        (date(2026, 11, 22), True),
    ],
)
def test_nobody_works_on_weekends_and_long_holidays(day: date, holiday: bool) -> None:
    assert is_holiday(day) is holiday


@pytest.mark.parametrize("hour", range(24))
def test_history_ends_before_now_at_every_hour_of_the_day(hour: int) -> None:
    now = datetime(2026, 11, 24, hour, 17, tzinfo=UTC)
    days = WorkDays(now)
    assert days.instant(days.last, days.seconds(days.last) - 1) < now
    for batch in generate(5, 0.02, now):
        assert all(event[0] <= now for event in batch.events)
