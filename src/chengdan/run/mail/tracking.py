"""Tracking: links in a mail that tell whether it was read. They are public links (`run.links`); who follows them stays unnamed.

A visit is only written down when it comes. Seconds later, when what came with it is known too, it is judged (see
`run.mail.visits`): mail servers and scanners open everything, people do not.
"""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import LiteralString
from uuid import UUID

from chengdan.run import links
from chengdan.run.links import Wanted
from chengdan.run.mail.room import mail_of
from chengdan.run.mail.writing import DocumentLink
from chengdan.store.connection import Connection
from chengdan.store.links import Link
from chengdan.store.unit import Unit

LINK, DOCUMENT, PIXEL = "mail_link", "mail_document", "mail_pixel"
"""What a tracked link is for: an address it leads to, a file it shows, a picture that is fetched when the mail is opened."""

LIFETIME = timedelta(days=180)
MAX_LINKS = 100
MAX_HITS = 200
"""Visits of one mail that are kept; more tell nothing new."""

MAX_AGENT = 300
MAX_PAGE = 5_000
MAX_SECONDS = 3_600
_HIT: LiteralString = (
    "INSERT INTO chengdan.mail_hit (link, email, at, method, agent, network) "
    "SELECT %(link)s, %(email)s, %(at)s, %(method)s, %(agent)s, %(network)s "
    "WHERE (SELECT count(*) FROM (SELECT 1 FROM chengdan.mail_hit WHERE email = %(email)s LIMIT %(most)s) h) < %(most)s"
)
_PAGE: LiteralString = (
    "INSERT INTO chengdan.mail_page_view (visit, page, link, email, at, seconds) VALUES (%s, %s, %s, %s, %s, %s) "
    "ON CONFLICT (visit, page) DO UPDATE SET seconds = least(mail_page_view.seconds + excluded.seconds, %s)"
)
_VISITS: LiteralString = (
    "SELECT count(DISTINCT visit) FROM chengdan.mail_page_view WHERE email = %s AND visit <> %s"
)


class Tracker:
    """Makes the tracked links of one mail, in the unit that keeps the mail; `base` is where people reach the installation."""

    def __init__(self, unit: Unit, email: UUID, base: str) -> None:
        self._unit = unit
        self._email = email
        self._base = base.rstrip("/")
        self._made: dict[str, str] = {}

    def link(self, url: str) -> str:
        """Where `url` goes through; the same for the same address, and the address itself beyond MAX_LINKS."""
        if url not in self._made:
            if len(self._made) >= MAX_LINKS or url.startswith(f"{self._base}/p/"):
                return url
            self._made[url] = f"{self._base}/m/{self._token(LINK, {'url': url})}"
        return self._made[url]

    def document(self, file: UUID, name: str) -> DocumentLink:
        """The page on which a file is read."""
        token = self._token(DOCUMENT, {"file": str(file), "name": name})
        return DocumentLink(name, f"{self._base}/p/{token}")

    def pixel(self) -> str:
        return f"{self._base}/m/{self._token(PIXEL, {})}"

    def _token(self, purpose: str, data: Mapping[str, str]) -> str:
        item, _ = mail_of(self._unit.snapshot)
        until = self._unit.now + LIFETIME
        wanted = Wanted(purpose, item.name, self._email, data, until, single=False)
        return links.make(self._unit, wanted)[1]


@dataclass(frozen=True, slots=True)
class Visitor:
    """What a request says of who makes it; of the address, only the network is kept."""

    method: str
    agent: str
    address: str

    @property
    def network(self) -> str:
        try:
            found = ipaddress.ip_address(self.address)
        except ValueError:
            return ""
        return str(ipaddress.ip_network((found, 24 if found.version == 4 else 48), strict=False))


def visited(connection: Connection, link: Link, visitor: Visitor, now: datetime) -> None:
    """Write a visit down."""
    connection.execute(
        _HIT,
        {
            "link": link.id,
            "email": link.record,
            "at": now,
            "method": visitor.method[:10],
            "agent": visitor.agent[:MAX_AGENT],
            "network": visitor.network,
            "most": MAX_HITS,
        },
    )


def dwelt(connection: Connection, link: Link, visit: UUID, pages: Mapping[int, int], now: datetime) -> None:
    """Add the seconds for which pages of a document were looked at, in one reading of it."""
    row = connection.execute(_VISITS, (link.record, visit)).fetchone()
    if row is None or row[0] >= MAX_HITS:
        return
    for page, seconds in list(pages.items())[:MAX_LINKS]:
        if 1 <= page <= MAX_PAGE and seconds > 0:
            kept = min(seconds, MAX_SECONDS)
            connection.execute(_PAGE, (visit, page, link.id, link.record, now, kept, MAX_SECONDS))
