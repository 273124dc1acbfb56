"""Visits of tracked links: people's are told from those of scanners and programs."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from chengdan.kernel.visit import Verdict, Visit, judge

SENT = datetime(2026, 11, 2, 9, tzinfo=UTC)
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36"


def visit(
    number: int = 1,
    *,
    link: int = 1,
    after: float = 3600,
    method: str = "GET",
    agent: str = CHROME,
    network: str = "1.2.3.0/24",
) -> Visit:
    return Visit(number, UUID(int=link), SENT + timedelta(seconds=after), method, agent, network)


def verdict(*visits: Visit) -> Verdict:
    return judge(visits, SENT)[visits[0].id]


def test_somebody_with_a_browser_is_a_person() -> None:
    assert verdict(visit()) is Verdict.PERSON


@pytest.mark.parametrize("method", ["HEAD", "PREFETCH", "POST"])
def test_whoever_only_looks_whether_it_is_there_is_none(method: str) -> None:
    assert verdict(visit(method=method)) is Verdict.METHOD


@pytest.mark.parametrize(
    "agent",
    [
        "",
        "curl/8.5",
        "python-requests/2.32",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 (compatible; Barracuda Sentinel)",
        "Mozilla/5.0 AppleWebKit/537.36 HeadlessChrome/120.0",
        "Mozilla/5.0 (compatible; Bytespider; spider-feedback@bytedance.com)",
        "Microsoft Office Existence Discovery",
    ],
)
def test_programs_that_say_so_are_none(agent: str) -> None:
    assert verdict(visit(agent=agent)) is Verdict.AGENT


def test_the_picture_proxy_of_a_mail_service_stands_for_its_reader() -> None:
    agent = "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)"

    assert verdict(visit(agent=agent)) is Verdict.PERSON


def test_nobody_reads_within_seconds_of_sending() -> None:
    assert verdict(visit(after=4)) is Verdict.TOO_SOON


def test_following_every_link_at_once_is_a_scanner() -> None:
    visits = [visit(number, link=number, after=100 + number / 10) for number in (1, 2, 3)]

    assert judge(visits, SENT) == dict.fromkeys((1, 2, 3), Verdict.BURST)


def test_two_links_at_once_or_many_from_different_networks_are_people() -> None:
    two = [visit(number, link=number) for number in (1, 2)]
    apart = [visit(number, link=number, network=f"1.2.{number}.0/24") for number in (1, 2, 3)]

    assert set(judge(two, SENT).values()) == set(judge(apart, SENT).values()) == {Verdict.PERSON}
