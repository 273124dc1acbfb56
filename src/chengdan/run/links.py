"""Public links: a token that shows one thing to somebody without a log-in, for a while, and perhaps takes one thing from them.

What is shown and taken is the matter of the link's purpose; here is what holds for all: only a hash of the token is kept, it
runs out, it can be revoked, visits are limited by address and by token, and a wrong token costs more than a right one.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from chengdan.base.errors import ChengdanError
from chengdan.base.ids import new_id
from chengdan.base.json import dumps_text
from chengdan.kernel.access import Principal
from chengdan.kernel.snapshot import AUTOMATION
from chengdan.run.runtime import Runtime
from chengdan.run.sessions import hash_token
from chengdan.store import links
from chengdan.store.links import Link
from chengdan.store.unit import Unit

VISITS = 300
WRONG_TOKENS = 20
"""Of one address, and of one token, within `links.SLOT`."""
MAX_TOKEN = 100
CAUSE = "public"


class LinkUnknown(ChengdanError):
    """A token that opens nothing, or a link that was taken back."""

    code = "LINK-001"
    status = 404
    zh = "这个链接不存在或已撤回。"
    en = "This link doesn't exist, or was taken back."
    hint_zh = "请核对链接，或请对方重新发送。"
    hint_en = "Check the address, or ask whoever sent it for a new one."


class LinkExpired(ChengdanError):
    code = "LINK-002"
    status = 410
    zh = "这个链接已过期。"
    en = "This link has expired."
    hint_zh = "请对方重新发送。"
    hint_en = "Ask whoever sent it for a new one."


class LinkSpent(ChengdanError):
    """A link for one use that was used."""

    code = "LINK-003"
    status = 410
    zh = "这个链接已用过，只能用一次。"
    en = "This link was used; it works once."
    hint_zh = "如需再次操作，请对方重新发送。"
    hint_en = "If it is needed again, ask whoever sent it for a new one."


class TooManyVisits(ChengdanError):
    code = "LINK-004"
    status = 429
    zh = "访问过于频繁，请几分钟后再试。"
    en = "Too many visits; try again in a few minutes."


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a new link is to open, until when, and whether what is done through it uses it up."""

    purpose: str
    object: str
    record: UUID
    data: Mapping[str, Any]
    until: datetime
    single: bool = True


def make(unit: Unit, wanted: Wanted) -> tuple[UUID, str]:
    """A new link, left in the unit: its id and its token, which is told once."""
    id, token = new_id(), secrets.token_urlsafe(24)
    values = (
        id,
        hash_token(token),
        wanted.purpose,
        wanted.object,
        wanted.record,
        dumps_text(wanted.data),
        wanted.single,
        unit.principal.user,
        unit.now,
        wanted.until,
    )
    unit.later(links.INSERT, values)
    return id, token


def revoke(unit: Unit, record: UUID, purpose: str, data: Mapping[str, Any]) -> None:
    """Take back the unused links of a purpose over a record whose data holds `data`."""
    unit.later(links.REVOKE, (unit.now, record, purpose, dumps_text(data)))


def opened(runtime: Runtime, token: str, address: str) -> Link:
    """The link that a token opens now. Raises LinkUnknown, LinkExpired, LinkSpent, TooManyVisits."""
    hashed, now = hash_token(token[:MAX_TOKEN]), runtime.clock()
    with runtime.pool.connection() as connection:
        link = links.find(connection, hashed)
        keys = [_key("address", address), _key("token", hashed)] if link else [_key("wrong", address)]
        visits = links.note_visit(connection, keys, now)
    if visits > (VISITS if link else WRONG_TOKENS):
        raise TooManyVisits()
    if link is None or link.revoked_at is not None:
        raise LinkUnknown()
    if link.used_at is not None and link.single:
        raise LinkSpent()
    if link.expires_at <= now:
        raise LinkExpired()
    return link


def note_opened(runtime: Runtime, link: Link) -> bool:
    """Keep that a link was looked at; whether for the first time."""
    with runtime.pool.connection() as connection:
        return links.note_opened(connection, link.id, runtime.clock())


def use(unit: Unit, link: Link) -> None:
    """Use a single link up in the unit. Raises LinkSpent when somebody was faster, also by taking it back."""
    if unit.execute(links.USE, (unit.now, link.id)).fetchone() is None:
        raise LinkSpent()


def acting(runtime: Runtime, link: Link) -> Principal:
    """Who acts through a link: like a rule on behalf of its maker, so without any permission."""
    return Principal(
        link.created_by,
        AUTOMATION.name,
        frozenset({AUTOMATION.name}),
        time_zone=str(runtime.config.time_zone),
    )


def _key(kind: str, of: str | bytes) -> bytes:
    """Under what visits are counted; an address is not kept as such."""
    content = of.encode("utf-8", "surrogatepass") if isinstance(of, str) else of
    return sha256(kind.encode() + b"\0" + content).digest()
