"""Digests: when the next leaves by the clock where the reader is, and what is in them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from chengdan.kernel.digest import Digest, Entry, Rhythm

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("rhythm", "zone", "now", "then"),
    [
        (Rhythm("daily", 510), SHANGHAI, "2026-03-02T00:29:59", "2026-03-02T00:30:00"),
        (Rhythm("daily", 510), SHANGHAI, "2026-03-02T00:30:00", "2026-03-03T00:30:00"),
        (Rhythm("weekly", 510, 0), SHANGHAI, "2026-03-02T00:30:00", "2026-03-09T00:30:00"),
        (Rhythm("weekly", 510, 4), SHANGHAI, "2026-03-02T00:30:00", "2026-03-06T00:30:00"),
        (Rhythm("daily", 510), BERLIN, "2026-03-28T08:00:00", "2026-03-29T06:30:00"),
        (Rhythm("daily", 150), BERLIN, "2026-03-29T00:00:00", "2026-03-29T01:30:00"),
    ],
)
def test_the_next_one_leaves_by_the_clock_of_its_reader(
    rhythm: Rhythm, zone: ZoneInfo, now: str, then: str
) -> None:
    assert rhythm.after(moment(now), zone) == moment(then)


def digest(*entries: Entry, count: int = 0, url: str = "https://h/settings") -> Digest:
    return Digest("陈明", "zh-CN", entries, count or len(entries), url)


def test_it_reads_as_text_and_as_html() -> None:
    at = datetime(2026, 3, 2, 8, 5, tzinfo=SHANGHAI)
    one = digest(
        Entry(at, "严重顾虑：<数据>", True, "https://h/records/concern/1"),
        Entry(at, "新任务", False, ""),
        count=60,
    )

    assert one.text == (
        "陈明，您好。以下是您还没有读的通知。\n\n"
        "- 03-02 08:05 [紧急] 严重顾虑：<数据>\n  https://h/records/concern/1\n"
        "- 03-02 08:05 新任务\n\n"
        "另有 58 条，请在成单里查看。\n\n"
        "在「设置 › 通知」里改变或停止这封摘要。\nhttps://h/settings\n"
    )
    assert "严重顾虑：&lt;数据&gt;</a>" in one.html
    assert 'href="https://h/records/concern/1"' in one.html
    assert "<script" not in one.html and "src=" not in one.html
