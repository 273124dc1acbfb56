"""The latest days of the demo company left timers and notifications behind, as its rules would have."""

from datetime import timedelta

from chengdan.kernel.event import EventKind
from chengdan.kernel.rule import Notify, SetTimer
from chengdan.sales.demo.batch import NOTIFIED
from tests.sales.company import NOW, Company
from tests.sales.manifests import snapshot


def test_timers_run_on_records_that_still_wait(company: Company) -> None:
    waiting = {"opportunity": ("stage", {"won", "lost"}), "lead": ("status", {"contacted", "converted"}), "concern": ("status", {"answered", "confirmed"})}  # fmt: skip
    found = [timer for batch in company.batches for timer in batch.timers]

    assert {timer[2] for timer in found} == {"silent", "proposal_reply", "first_touch", "unanswered"}
    assert len({(record, key) for _, record, key, _, _ in found}) == len(found)
    for object, record, _, due_at, _ in found:
        field, over = waiting[object]
        assert company.records[object][record][field] not in over
        assert NOW < due_at <= NOW + timedelta(days=12)


def test_timers_are_those_that_rules_set_and_wait_for(company: Company) -> None:
    rules = snapshot().rules
    awaited = {(rule.object, rule.trigger.timer) for rule in rules.values() if rule.trigger.timer}
    for object, _, key, _, rule in (timer for batch in company.batches for timer in batch.timers):
        assert (object, key) in awaited
        assert key in {command.key for command in rules[rule].commands if isinstance(command, SetTimer)}


def test_notifications_are_those_of_rules_and_are_on_record(company: Company) -> None:
    notices = [notice for batch in company.batches for notice in batch.notices]
    told = {
        data["notification"]
        for events in company.events.values()
        for _, _, kind, data in events
        if kind == NOTIFIED
    }

    assert NOTIFIED == EventKind.NOTIFIED
    assert {notice[0] for notice in notices} == told
    assert len(told) == len(notices) > 50
    for _, user, at, zh, en, urgent, object, record, rule, read_at in notices:
        commands = [command for command in snapshot().rules[rule].commands if isinstance(command, Notify)]
        assert [command.urgent for command in commands] == [urgent]
        assert user in company.records["user"]
        assert record in company.records[object]
        assert at <= NOW and (read_at is None or at < read_at <= NOW)
        assert zh and en


def test_the_latest_are_partly_unread(company: Company) -> None:
    notices = [notice for batch in company.batches for notice in batch.notices]
    unread = [notice for notice in notices if notice[9] is None]

    assert 0.1 < len(unread) / len(notices) < 0.6
    assert all(NOW - notice[2] < timedelta(hours=36) for notice in unread)


def test_whoever_may_log_in_has_something_to_do_today(company: Company) -> None:
    users = {user["id"]: user["username"] for user in company.records["user"].values()}
    today = {
        users[task["owner"]]
        for task in company.records["task"].values()
        if not task["done"] and task["due_on"] == NOW.date()
    }
    assert {"rep", "manager", "presales", "sales_ops", "finance", "legal", "csm", "admin"} <= today
