"""Visits of tracked links: which of them are people's, judged over all visits of a mail."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID


class Verdict(StrEnum):
    """What a visit was: a person's, or why it counts as a program's."""

    PERSON = "person"
    METHOD = "method"
    AGENT = "agent"
    TOO_SOON = "too_soon"
    BURST = "burst"


TOO_SOON = timedelta(seconds=5)
"""Nobody reads a mail as fast as the scanner of the server that takes it in."""

BURST = timedelta(seconds=3)
BURST_LINKS = 3
"""So many different links of a mail within BURST are followed by no person."""

_PROGRAMS = re.compile(
    r"bot\b|bot[/;]|crawl|spider|scan|preview|prefetch|monitor|headless|phantom|curl|wget|python|java/|go-http|okhttp|"
    r"libwww|httpclient|axios|node-fetch|ruby|perl|postman|barracuda|proofpoint|mimecast|symantec|messagelabs|forcepoint|"
    r"trendmicro|sophos|fireeye|trellix|cisco|ironport|safelinks|microsoft office existence|bingpreview|skypeuri|"
    r"facebookexternalhit|slackbot|whatsapp|telegrambot|twitterbot|linkedinbot|dingtalkbot|feishu-?bot|bytespider|"
    r"urlscan|virustotal|netcraft|zgrab|nmap|safebrowsing|snippet|validator",
    re.IGNORECASE,
)
_PROXIES = re.compile(r"googleimageproxy|yahoomailproxy|ggpht", re.IGNORECASE)
"""Fetch pictures when somebody opens the mail, and only then."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One request for a tracked link."""

    id: int
    link: UUID
    at: datetime
    method: str
    agent: str
    network: str


def judge(visits: Sequence[Visit], sent_at: datetime) -> Mapping[int, Verdict]:
    """The verdict on each visit of one mail, all its visits known."""
    return {visit.id: _judged(visit, visits, sent_at) for visit in visits}


def _judged(visit: Visit, visits: Sequence[Visit], sent_at: datetime) -> Verdict:
    if visit.method != "GET":
        return Verdict.METHOD
    if not _PROXIES.search(visit.agent) and (len(visit.agent) < 12 or _PROGRAMS.search(visit.agent)):
        return Verdict.AGENT
    if visit.at < sent_at + TOO_SOON:
        return Verdict.TOO_SOON
    near = {
        other.link for other in visits if abs(other.at - visit.at) <= BURST and other.network == visit.network
    }
    return Verdict.BURST if len(near) >= BURST_LINKS else Verdict.PERSON
