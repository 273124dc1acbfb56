"""Admitting people: a link by which somebody sets a password of their own, and a look at how they log in."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from chengdan.base.errors import ChengdanError
from chengdan.kernel.access import NOBODY, Principal
from chengdan.kernel.event import Event, EventKind
from chengdan.kernel.snapshot import MANAGE_USERS
from chengdan.run.errors import NotFound
from chengdan.run.explain import seen
from chengdan.run.holding import require
from chengdan.run.passwords import hash_password
from chengdan.run.sessions import Doorman, hash_token
from chengdan.store import sessions
from chengdan.store.unit import Unit

LINK_LIFE = timedelta(days=3)
_STATE = """
SELECT u.username, u.active IS NOT FALSE AND u.archived_at IS NULL, c.changed_at,
    (SELECT count(*) FROM chengdan.session s WHERE s.user_id = u.id AND s.expires_at > %(now)s),
    (SELECT max(s.seen_at) FROM chengdan.session s WHERE s.user_id = u.id),
    (SELECT count(*) FROM chengdan.api_token t WHERE t.user_id = u.id AND t.revoked_at IS NULL
        AND (t.expires_at IS NULL OR t.expires_at > %(now)s)),
    (SELECT l.expires_at FROM chengdan.password_link l WHERE l.user_id = u.id AND l.expires_at > %(now)s)
FROM data."user" u LEFT JOIN chengdan.credential c ON c.user_id = u.id WHERE u.id = %(user)s
"""
_NAMES = ("username", "active", "password_at", "sessions", "seen_at", "tokens", "link_until")


class LinkUsed(ChengdanError):
    """A link that was used, was replaced by a newer one, ran out, or never was."""

    code = "AUTH-012"
    status = 404
    zh = "这个链接已失效。"
    en = "This link is not valid any more."
    hint_zh = "请向管理员要一个新的。"
    hint_en = "Ask an administrator for a new one."


class NotActive(ChengdanError):
    """Somebody who may not log in gets no link."""

    code = "AUTH-011"
    status = 409
    zh = "此人已停用。"
    en = "This person is not active."
    hint_zh = "先把「在职」设为是。"
    hint_en = "Set them to active first."


def log_in_state(reader: Unit, user: UUID) -> Mapping[str, Any]:
    """How somebody logs in: whether they may, have a password, are here. Raises NotPermitted, NotFound."""
    require(reader, MANAGE_USERS)
    seen(reader, "user", user)
    row = reader.execute(_STATE, {"user": user, "now": reader.now}).fetchone() or ()
    return dict(zip(_NAMES, row, strict=True))


def make_link(unit: Unit, user: UUID) -> tuple[str, datetime]:
    """The token of a fresh link and when it runs out; an older one ends. Raises NotPermitted, NotFound, NotActive."""
    if not log_in_state(unit, user)["active"]:
        raise NotActive()
    token, until = secrets.token_urlsafe(32), unit.now + LINK_LIFE
    unit.later(
        "INSERT INTO chengdan.password_link (user_id, token_hash, made_by, made_at, expires_at) VALUES (%s, %s, %s, %s, %s) "
        "ON CONFLICT (user_id) DO UPDATE SET token_hash = excluded.token_hash, made_by = excluded.made_by, "
        "made_at = excluded.made_at, expires_at = excluded.expires_at",
        (user, hash_token(token), unit.principal.user, unit.now, until),
    )
    unit.record(Event(EventKind.PASSWORD_LINKED, "user", user, {"until": until}))
    return token, until


def end_sessions(unit: Unit, user: UUID) -> int:
    """Log somebody out everywhere; how many sessions ended. Their API tokens stay. Raises NotPermitted, NotFound."""
    count = int(log_in_state(unit, user)["sessions"])
    unit.later("DELETE FROM chengdan.session WHERE user_id = %s", (user,))
    unit.record(Event(EventKind.SESSIONS_ENDED, "user", user, {"sessions": count}))
    unit.work.people_changed = True
    return count


def whose_link(doorman: Doorman, token: str) -> Principal:
    """Whom a link is for. Raises LinkUsed."""
    runtime = doorman.runtime
    with runtime.read_pool.connection() as connection:
        row = connection.execute(
            "SELECT user_id FROM chengdan.password_link WHERE token_hash = %s AND expires_at > %s",
            (hash_token(token), runtime.clock()),
        ).fetchone()
    try:
        return doorman.principal_of(row[0] if row else NOBODY)
    except NotFound:
        raise LinkUsed() from None


def use_link(doorman: Doorman, token: str, password: str) -> Principal:
    """Set the password that somebody chose; the link and all their sessions end. Raises LinkUsed, WeakPassword."""
    person = whose_link(doorman, token)
    hashed = hash_password(password)
    with doorman.runtime.unit(person, "link") as unit:
        used = unit.execute(
            "DELETE FROM chengdan.password_link WHERE token_hash = %s AND user_id = %s RETURNING user_id",
            (hash_token(token), person.user),
        ).fetchone()
        if used is None:
            raise LinkUsed()
        sessions.set_password(unit.connection, person.user, hashed, unit.now)
        unit.later("DELETE FROM chengdan.session WHERE user_id = %s", (person.user,))
        unit.record(Event(EventKind.PASSWORD_SET, "user", person.user, {}))
        unit.work.people_changed = True
    doorman.forget()
    return person
