"""What leaves: signed as each vendor wants it, once, at its time, again after failures, never faster than the vendor allows."""

import subprocess
import sys
import threading
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from chengdan.kernel.outlet import Verdict
from chengdan.run import channels
from chengdan.run.channels import Chosen, Quiet
from chengdan.run.outgoing import courier
from chengdan.run.outgoing.passing_on import pass_on
from chengdan.store import deliveries, outlets
from tests.lab.lab import EAST, FANG, HEAD, HQ, LIU, MING
from tests.run.outgoing.conftest import PUBLIC, RECORD, Desk, open_desk
from tests.run.outgoing.vendor import CHECKS, Vendor, vendor

SENDER = Path(__file__).with_name("sender.py")
ROOT = SENDER.parents[3]
Robots = dict[str, Vendor]
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
LINK = f"{PUBLIC}/records/job/{RECORD}"


@pytest.mark.parametrize("kind", list(CHECKS))
def test_each_vendor_takes_what_leaves_for_it(desk: Desk, robots: Robots, kind: str) -> None:
    desk.outlet(kind, robots[kind])
    desk.tell([MING, FANG], "赢单：华信", urgent=True)

    assert desk.send() == 1
    assert desk.log() == [("@mentioned", "sent", 1, 1, "HTTP 200" if kind == "webhook" else "ok")]
    [said] = robots[kind].said
    assert "赢单：华信" in str(said) and "fang" in str(said) and LINK in str(said)


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        ("dingtalk", "errcode 310000: sign not match"),
        ("feishu", "code 19021: sign match fail or timestamp is not within one hour from current time"),
    ],
)
def test_a_wrong_secret_is_told_in_the_words_of_the_vendor(
    desk: Desk, robots: Robots, kind: str, answer: str
) -> None:
    desk.outlet(kind, robots[kind], secret="wrong")
    desk.tell([MING])
    desk.send()

    assert desk.log() == [("@mentioned", "waiting", 1, 1, answer)]
    assert robots[kind].said == []


def test_an_outlet_says_what_its_audience_hears_of_and_nothing_else(desk: Desk, robots: Robots) -> None:
    desk.outlet("webhook", robots["webhook"], teams=frozenset({EAST}), kinds=frozenset({"@mentioned"}))
    desk.outlet("wecom", robots["wecom"], teams=frozenset({HQ}), urgent_only=True)
    desk.outlet("feishu", robots["feishu"], active=False)
    desk.tell([MING, LIU], "甲")
    desk.tell([LIU], "乙", record=UUID(int=0xC1), urgent=True)
    desk.tell([FANG], "丙", record=UUID(int=0xC2), kind="@moved")
    desk.send()

    assert [(said["data"]["message"]["zh"], said["data"]["people"]) for said in robots["webhook"].said] == [
        ("甲", ["ming"])
    ]
    assert ["乙" in str(said) for said in robots["wecom"].said] == [True]
    assert robots["feishu"].said == []


def test_who_wants_nothing_said_in_chats_is_left_out(desk: Desk, robots: Robots) -> None:
    desk.outlet("webhook", robots["webhook"])
    with desk.runtime.unit(MING) as unit:
        channels.choose(unit, {"@mentioned": Chosen(True, None, chat=False)})
    desk.tell([MING, FANG])
    desk.tell([MING], record=UUID(int=0xC1))
    desk.send()

    assert [said["data"]["people"] for said in robots["webhook"].said] == [["fang"]]
    assert desk.notifications(MING) == ["请看", "请看"]


def test_the_same_again_within_ten_minutes_is_said_once_when_they_end(desk: Desk, robots: Robots) -> None:
    desk.outlet("webhook", robots["webhook"])
    desk.tell([MING], "一")
    desk.send()
    for text in ("二", "三"):
        desk.tell([MING, FANG], text)
        desk.send(MINUTE)
    early = desk.send(6 * MINUTE)
    late = desk.send(3 * MINUTE)

    assert (early, late) == (0, 1)
    assert [(said["data"]["message"]["zh"], said["data"]["count"]) for said in robots["webhook"].said] == [
        ("一", 1),
        ("三", 2),
    ]


def test_quiet_hours_hold_back_what_is_not_urgent(desk: Desk, robots: Robots) -> None:
    desk.outlet("webhook", robots["webhook"])
    now = desk.clock() + timedelta(hours=8)
    minute = now.hour * 60 + now.minute
    with desk.runtime.unit(MING) as unit:
        channels.keep_quiet(unit, Quiet((minute - 5) % 1440, (minute + 55) % 1440))
    desk.tell([MING], "急", urgent=True)
    desk.tell([MING], "不急", record=UUID(int=0xC1))
    desk.send()
    in_time = [said["data"]["message"]["zh"] for said in robots["webhook"].said]
    desk.send(56 * MINUTE)

    assert in_time == ["急"]
    assert [said["data"]["message"]["zh"] for said in robots["webhook"].said] == ["急", "不急"]


def test_what_comes_in_a_rush_leaves_together_below_the_limit_of_the_vendor(
    desk: Desk, robots: Robots
) -> None:
    desk.outlet("wecom", robots["wecom"])
    tried = 0
    for second in range(60):
        desk.tell([MING], f"第 {second} 条", record=UUID(int=0xD00 + second))
        tried += desk.send(SECOND)
    rest = sum(desk.send(4 * SECOND) for _ in range(10))

    assert 15 <= tried <= 20
    text = "".join(said["markdown"]["content"] for said in robots["wecom"].said)
    assert [f"第 {second} 条**" in text for second in range(60)] == [True] * 60
    assert rest <= 2


def test_a_failure_is_tried_again_twice_as_late_each_time_and_then_given_up(
    desk: Desk, robots: Robots
) -> None:
    desk.outlet("wecom", robots["wecom"])
    robots["wecom"].answer = (500, {})
    desk.tell([MING])
    desk.send()
    waits = []
    for _ in range(deliveries.MAX_ATTEMPTS - 1):
        waited = timedelta()
        while not desk.send(timedelta(seconds=5)):
            waited += timedelta(seconds=5)
        waits.append(round((waited + timedelta(seconds=5)).total_seconds()))

    expected = [15, 30, 60, 120, 240, 480, 900]
    assert [wait <= due for wait, due in zip(waits, expected, strict=True)] == [True] * 7
    assert [wait >= due * 2 // 3 for wait, due in zip(waits, expected, strict=True)] == [True] * 7
    assert desk.log() == [("@mentioned", "dead", 8, 1, "HTTP 500")]
    assert desk.send(timedelta(hours=1)) == 0


def test_a_line_that_is_refused_for_what_it_says_takes_no_other_along(desk: Desk, robots: Robots) -> None:
    with vendor(lambda path, headers, body: (200, {"errcode": int("坏".encode() in body)})) as picky:
        desk.outlet("wecom", picky)
        desk.tell([MING], "坏", record=UUID(int=0xD01))
        desk.tell([MING], "好", record=UUID(int=0xD02))
        for _ in range(200):
            desk.send(MINUTE)
        states = {state for _, state, *_ in desk.log()}

    assert states == {"dead", "sent"}


def test_a_vendor_that_asks_to_slow_down_is_left_alone_for_a_minute(desk: Desk, robots: Robots) -> None:
    desk.outlet("wecom", robots["wecom"])
    robots["wecom"].answer = (200, {"errcode": 45009, "errmsg": "api freq out of limit"})
    desk.tell([MING])
    desk.send()
    robots["wecom"].answer = None
    early, late = desk.send(30 * SECOND), desk.send(31 * SECOND)

    assert (early, late) == (0, 1)
    assert desk.log() == [("@mentioned", "sent", 1, 1, "ok")]


def test_what_was_being_sent_when_a_courier_died_is_sent_by_the_next(desk: Desk, robots: Robots) -> None:
    desk.outlet("webhook", robots["webhook"])
    desk.tell([MING])
    pass_on(desk.runtime)
    with desk.runtime.pool.connection() as connection:
        dying = outlets.take(connection, desk.clock(), UUID(int=1))
        assert dying is not None
        found = deliveries.waiting(connection, dying.id, desk.clock(), 1)
        deliveries.sending(connection, [found[0].id])

    assert desk.send(30 * SECOND) == 0
    assert desk.send(31 * SECOND) == 1
    assert robots["webhook"].ids == [f"msg_{found[0].id.hex}"]
    courier.finish(desk.runtime, dying, UUID(int=1), [found[0].id], Verdict(False, "late"))
    assert desk.log() == [("@mentioned", "sent", 2, 1, "HTTP 200")]


def test_a_courier_that_is_killed_in_the_middle_of_a_message_loses_nothing(
    desk: Desk, robots: Robots
) -> None:
    desk.outlet("webhook", robots["webhook"])
    desk.tell([MING])
    robots["webhook"].hold()
    sender = subprocess.Popen([sys.executable, SENDER, desk.runtime.url, desk.runtime.config.home], cwd=ROOT)
    try:
        assert robots["webhook"].arrived.wait(60)
    finally:
        sender.kill()
        sender.wait()
    robots["webhook"].let_go()
    desk.send(61 * SECOND)

    assert [state for _, state, *_ in desk.log()] == ["sent"]
    assert len(set(robots["webhook"].ids)) == 1


def test_two_processes_send_everything_once(desk: Desk, robots: Robots, tmp_path: Path) -> None:
    desk.outlet("webhook", robots["webhook"])
    for number in range(20):
        desk.tell([MING, HEAD], str(number), record=UUID(int=0xD00 + number))
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "secret.key").write_text((desk.runtime.config.home / "secret.key").read_text())
    with open_desk(desk.runtime.url, tmp_path / "home") as other:
        barrier = threading.Barrier(2)

        def work(one: Desk) -> None:
            barrier.wait()
            for _ in range(120):
                one.send(SECOND)

        workers = [threading.Thread(target=work, args=(one,)) for one in (desk, other)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()

    assert sorted(int(said["data"]["message"]["zh"]) for said in robots["webhook"].said) == list(range(20))
    assert {said["data"]["count"] for said in robots["webhook"].said} == {1}


def test_old_news_and_news_without_outlets_are_passed_over(desk: Desk, robots: Robots) -> None:
    desk.tell([MING], "没有渠道")
    desk.send()
    desk.outlet("webhook", robots["webhook"])
    desk.tell([MING], "旧", record=UUID(int=0xC1))
    sent = desk.send(timedelta(days=1, seconds=1))

    assert sent == 0
    assert desk.query("SELECT count(*) FROM chengdan.notification WHERE NOT passed_on") == [(0,)]


def test_the_log_is_let_go_of_after_ninety_days(desk: Desk, robots: Robots) -> None:
    desk.outlet("webhook", robots["webhook"])
    desk.tell([MING])
    desk.send()
    now: datetime = desk.clock()
    with desk.runtime.pool.connection() as connection:
        deliveries.forget(connection, now + timedelta(days=89))
        kept = desk.log()
        deliveries.forget(connection, now + timedelta(days=91))

    assert len(kept) == 1
    assert desk.log() == []
