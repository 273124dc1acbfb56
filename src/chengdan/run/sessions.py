"""Who is there: log-in, sessions, API tokens, and what a user's scopes resolve to."""

import hashlib
import hmac
import secrets
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from chengdan.base.errors import ChengdanError
from chengdan.base.ids import new_id
from chengdan.kernel.access import Principal
from chengdan.kernel.event import Event, EventKind
from chengdan.run.errors import NotFound
from chengdan.run.passwords import hash_password, matches
from chengdan.run.principals import Known, resolve
from chengdan.run.runtime import Runtime
from chengdan.store import sessions
from chengdan.store.connection import Connection
from chengdan.store.sessions import Held

TOKEN_PREFIX = "cdt_"
READ, WRITE = "read", "write"
SCOPES = (READ, WRITE)
CACHE_SECONDS = 5.0
CACHE_SIZE = 20_000
ATTEMPTS_PER_USERNAME = 10
ATTEMPTS_PER_ADDRESS = 100
ATTEMPT_WINDOW = timedelta(minutes=15)


class NotLoggedIn(ChengdanError):
    code = "AUTH-001"
    status = 401
    zh = "请先登录。"
    en = "Please log in."


class WrongPassword(ChengdanError):
    code = "AUTH-002"
    status = 401
    zh = "用户名或密码不对。"
    en = "The user name or the password is wrong."


class TooManyAttempts(ChengdanError):
    code = "AUTH-003"
    status = 429
    zh = "登录失败次数过多，请 {minutes} 分钟后再试。"
    en = "Too many failed log-ins; try again in {minutes} minutes."


class CsrfMissing(ChengdanError):
    code = "AUTH-004"
    status = 403
    zh = "请求缺少防伪标记。"
    en = "The request lacks its CSRF token."
    hint_zh = "刷新页面后再试。"
    hint_en = "Reload the page and try again."


class TokenReadOnly(ChengdanError):
    code = "AUTH-006"
    status = 403
    zh = "此令牌只能读取。"
    en = "This token may only read."


class SessionNeeded(ChengdanError):
    """Something that an API token may not do: look after tokens and passwords."""

    code = "AUTH-007"
    status = 403
    zh = "API 令牌不能做此操作。"
    en = "An API token may not do this."
    hint_zh = "请在网页上登录后操作。"
    hint_en = "Log in on the page to do it."


class WrongOldPassword(ChengdanError):
    code = "AUTH-008"
    status = 422
    zh = "原密码不对。"
    en = "The old password is wrong."


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody known: the principal, the person's own data, and how they are known.

    `csrf_token` is empty for one known by an API token, whose `scopes` may be fewer than all.
    """

    principal: Principal
    username: str
    team: UUID | None
    token_hash: bytes = b""
    csrf_token: str = ""
    scopes: frozenset[str] = frozenset(SCOPES)

    @property
    def by_session(self) -> bool:
        return bool(self.csrf_token)


@dataclass(frozen=True, slots=True)
class Session:
    """One of a person's sessions; `agent` is what their browser called itself, `current` the one that asks."""

    id: str
    opened_at: datetime
    seen_at: datetime
    agent: str
    current: bool


@dataclass
class Doorman:
    """Lets people in and knows them again. What a token resolves to is remembered for CACHE_SECONDS."""

    runtime: Runtime
    _known: dict[bytes, tuple[float, Visitor]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.runtime.access_listeners.append(self.forget)

    def forget(self) -> None:
        """Resolve everybody anew: who may see what has changed."""
        with self._lock:
            self._known.clear()

    # --- sessions

    def log_in(self, username: str, password: str, address: str, agent: str = "") -> tuple[str, Visitor]:
        """A fresh session for the right password: its token and its visitor. Raises WrongPassword, TooManyAttempts.

        An attempt is counted before the password is looked at, so that many at once get no more tries than one by one.
        """
        now = self.runtime.clock()
        with self.runtime.pool.connection() as connection:
            counts = sessions.note_attempt(connection, username, address, now, ATTEMPT_WINDOW)
            found = sessions.password_of(connection, username)
        if counts[0] > ATTEMPTS_PER_USERNAME or counts[1] > ATTEMPTS_PER_ADDRESS:
            raise TooManyAttempts(minutes=int(ATTEMPT_WINDOW.total_seconds() // 60))
        if not matches(found[1] if found else None, password) or found is None:
            raise WrongPassword()
        token = secrets.token_urlsafe(32)
        with self.runtime.pool.connection() as connection:
            sessions.forgive(connection, username, now - ATTEMPT_WINDOW)
            days = timedelta(days=self.runtime.config.session_days)
            sessions.open_session(connection, hash_token(token), found[0], now, now + days, agent)
        visitor = self.by_session(token)
        with self.runtime.unit(visitor.principal, "login") as unit:
            unit.record(
                Event(EventKind.LOGGED_IN, "user", visitor.principal.user, {"address": address[:100]})
            )
        return token, visitor

    def log_out(self, visitor: Visitor) -> None:
        """End the visitor's session."""
        with self.runtime.pool.connection() as connection:
            sessions.close_session(connection, visitor.token_hash)
        self.forget()

    def sessions(self, visitor: Visitor) -> list[Session]:
        """The visitor's own sessions, the one used last first."""
        now = self.runtime.clock()
        with self.runtime.read_pool.connection() as connection:
            found = sessions.sessions_of(connection, visitor.principal.user, now)
        return [
            Session(_session_id(hashed), opened_at, seen_at, agent, hashed == visitor.token_hash)
            for hashed, opened_at, seen_at, agent in found
        ]

    def end_session(self, visitor: Visitor, id: str) -> None:
        """End one of the visitor's own sessions. Raises NotFound."""
        user, now = visitor.principal.user, self.runtime.clock()
        with self.runtime.pool.connection() as connection:
            for hashed, *_ in sessions.sessions_of(connection, user, now):
                if _session_id(hashed) == id:
                    sessions.close_session(connection, hashed)
                    break
            else:
                raise NotFound()
        self.forget()

    def by_session(self, token: str) -> Visitor:
        """Who a session's token belongs to. Raises NotLoggedIn."""
        return self._remembered(token, sessions.session, csrf_of)

    def by_token(self, token: str) -> Visitor:
        """Who an API token belongs to. Raises NotLoggedIn."""
        return self._remembered(token, sessions.api_token, lambda _: "")

    def remembers(self, token: str) -> bool:
        """Whether it is known without asking the database who a token belongs to."""
        return self._lately(hash_token(token)) is not None

    def still_there(self, visitor: Visitor) -> Visitor:
        """The visitor as of now, for one who has been here for long. Raises NotLoggedIn."""
        known = self._lately(visitor.token_hash)
        if known is not None:
            return known
        find = sessions.session if visitor.by_session else sessions.api_token
        return self._resolve(visitor.token_hash, find, visitor.csrf_token)

    def principal_of(self, user: UUID) -> Principal:
        """Who an active user acts as. Raises NotFound."""
        with self.runtime.read_pool.connection() as connection:
            found = self._person(connection, user)
        if found is None:
            raise NotFound(path="user")
        return found.principal

    def _person(self, connection: Connection, user: UUID) -> Known | None:
        config = self.runtime.config
        return resolve(connection, user, self.runtime.snapshot, config.locale, str(config.time_zone))

    def _remembered(
        self,
        token: str,
        find: Callable[[Connection, bytes, datetime], Held | None],
        csrf: Callable[[str], str],
    ) -> Visitor:
        hashed = hash_token(token)
        return self._lately(hashed) or self._resolve(hashed, find, csrf(token))

    def _lately(self, hashed: bytes) -> Visitor | None:
        """Whom a token was resolved to lately."""
        known = self._known.get(hashed)
        return known[1] if known is not None and known[0] > time.monotonic() else None

    def _resolve(
        self, hashed: bytes, find: Callable[[Connection, bytes, datetime], Held | None], csrf: str
    ) -> Visitor:
        with self.runtime.read_pool.connection() as connection:
            held = find(connection, hashed, self.runtime.clock())
            found = self._person(connection, held.user) if held is not None else None
        if held is None or found is None:
            raise NotLoggedIn()
        principal, username, team = found.principal, found.username, found.team
        scopes = frozenset(SCOPES if held.scopes is None else held.scopes)
        visitor = Visitor(principal, username, team, hashed, csrf, scopes)
        with self._lock:
            if len(self._known) >= CACHE_SIZE:
                self._known.clear()
            self._known[hashed] = (time.monotonic() + CACHE_SECONDS, visitor)
        return visitor

    # --- what a visitor may change of their own

    def change_password(self, visitor: Visitor, old: str, new: str) -> None:
        """Replace the visitor's password and end all their other sessions. Raises WrongOldPassword, WeakPassword."""
        with self.runtime.pool.connection() as connection:
            found = sessions.password_of(connection, visitor.username)
        if found is None or not matches(found[1], old):
            raise WrongOldPassword(path="old")
        set_password(self.runtime, visitor.principal.user, new, keep=visitor.token_hash)
        self.forget()

    def create_token(
        self,
        principal: Principal,
        name: str,
        scopes: Iterable[str] | None = None,
        expires_at: datetime | None = None,
    ) -> tuple[UUID, str]:
        """A new API token; its text is shown once and kept as a hash. `scopes` None: all that the user may."""
        id, token = new_id(), TOKEN_PREFIX + secrets.token_urlsafe(32)
        granted = None if scopes is None else sorted(scopes)
        with self.runtime.unit(principal, "token") as unit:
            values = (id, hash_token(token), principal.user, name, granted, unit.now, expires_at)
            unit.later(sessions.INSERT_TOKEN, values)
            facts = {"token": id, "name": name, "scopes": granted}
            unit.record(Event(EventKind.TOKEN_CREATED, "user", principal.user, facts))
        return id, token

    def list_tokens(self, visitor: Visitor) -> Sequence[Mapping[str, Any]]:
        """The visitor's tokens that are not revoked, newest first."""
        with self.runtime.read_pool.connection() as connection:
            return sessions.api_tokens(connection, visitor.principal.user)

    def revoke_token(self, visitor: Visitor, id: UUID) -> None:
        """End one of the visitor's tokens. Raises NotFound."""
        with self.runtime.unit(visitor.principal, "token") as unit:
            done = unit.execute(sessions.REVOKE_TOKEN, (unit.now, id, visitor.principal.user))
            if done.fetchone() is None:
                raise NotFound()
            unit.record(Event(EventKind.TOKEN_REVOKED, "user", visitor.principal.user, {"token": id}))
            unit.work.people_changed = True
        self.forget()


def set_password(runtime: Runtime, user: UUID, password: str, keep: bytes = b"") -> None:
    """Give a user a password and end the user's sessions but `keep`. Raises WeakPassword."""
    hashed = hash_password(password)
    with runtime.pool.connection() as connection:
        sessions.set_password(connection, user, hashed, runtime.clock())
        sessions.close_sessions(connection, user, keep)


def csrf_of(token: str) -> str:
    """The CSRF token of a session: derived from the session's token, so nothing more is kept."""
    return hmac.new(token.encode(), b"csrf", hashlib.sha256).hexdigest()


def _session_id(token_hash: bytes) -> str:
    """What a session is called outside: it tells nothing of its token."""
    return hashlib.sha256(token_hash).hexdigest()[:32]


def hash_token(token: str) -> bytes:
    """What is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
