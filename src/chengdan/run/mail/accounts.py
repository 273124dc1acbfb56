"""Mail accounts: whose they are, which servers they use, and their secrets, which leave this module only to log in."""

import json
import re
import secrets as random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

import psycopg

from chengdan.base.ids import new_id
from chengdan.base.label import Label
from chengdan.kernel.access import Principal
from chengdan.kernel.event import Event, EventKind
from chengdan.run.errors import NotFound
from chengdan.run.mail.errors import AddressTaken, BadAccount
from chengdan.store.secrets import Secrets, SecretUnreadable
from chengdan.store.unit import Unit

MAX_ACCOUNTS = 200
TLS, STARTTLS, PLAIN = "tls", "starttls", "none"
SECURITY = (TLS, STARTTLS, PLAIN)
PASSWORD, OAUTH2 = "password", "oauth2"
ADDRESS = re.compile(
    r"[^@\s<>,;\"()]{1,64}@[^@\s<>,;\"()]{1,190}\.[^@\s<>,;\"().]{2,63}|[^@\s<>,;\"()]{1,64}@localhost"
)
_MAX_TEXT = {"signature": 2_000, "token_url": 500}
_SECRETS = {PASSWORD: ("password",), OAUTH2: ("client_secret", "refresh_token")}


@dataclass(frozen=True, slots=True)
class Server:
    """Where a server is, and how the connection to it is protected: `tls` from the start, `starttls`, or `none`."""

    host: str
    port: int
    security: str


@dataclass(frozen=True, slots=True)
class MailAccount:
    """An account. `sealed` and `hook` are its sealed secrets; what they hold appears in no text."""

    id: UUID
    owner: UUID
    team: UUID | None
    address: str
    name: str
    signature: str
    username: str
    auth: str
    sealed: bytes | None = field(repr=False)
    token_url: str
    client_id: str
    smtp: Server
    imap: Server
    hook: bytes | None = field(repr=False)
    plus_addresses: bool
    offers_strangers: bool
    takes_sent: bool
    checked_at: datetime | None
    failure: Mapping[str, Any] | None

    @property
    def sends(self) -> bool:
        return bool(self.smtp.host)

    @property
    def login(self) -> str:
        return self.username or self.address

    def secrets(self, vault: Secrets) -> Mapping[str, str]:
        """What the account logs in with. Raises SecretUnreadable."""
        if self.sealed is None:
            return {}
        found: Mapping[str, str] = json.loads(vault.open(self.sealed, _place(self.id)))
        return found

    def as_json(self) -> dict[str, Any]:
        """The account as its owner sees it: that there are secrets, never which."""
        return {
            "id": self.id,
            "owner": self.owner,
            "team": self.team,
            "address": self.address,
            "name": self.name,
            "signature": self.signature,
            "username": self.username,
            "auth": self.auth,
            "has_secret": self.sealed is not None,
            "token_url": self.token_url,
            "client_id": self.client_id,
            **{f"smtp_{part}": getattr(self.smtp, part) for part in ("host", "port", "security")},
            **{f"imap_{part}": getattr(self.imap, part) for part in ("host", "port", "security")},
            "has_webhook": self.hook is not None,
            "plus_addresses": self.plus_addresses,
            "offers_strangers": self.offers_strangers,
            "takes_sent": self.takes_sent,
            "checked_at": self.checked_at,
            "failure": self.failure,
        }


_COLUMNS: LiteralString = (
    "id, owner, team, address, name, signature, username, auth, secret, token_url, client_id, smtp_host, smtp_port, "
    "smtp_security, imap_host, imap_port, imap_security, webhook_secret, plus_addresses, offers_strangers, takes_sent, "
    "checked_at, failure"
)
SELECT: LiteralString = "SELECT " + _COLUMNS + " FROM chengdan.mail_account WHERE closed_at IS NULL AND "
_USABLE: LiteralString = "(owner = %(user)s OR team = ANY(%(teams)s))"
_INSERT: LiteralString = (
    "INSERT INTO chengdan.mail_account (id, owner, team, address, name, signature, username, auth, secret, token_url, "
    "client_id, smtp_host, smtp_port, smtp_security, imap_host, imap_port, imap_security, plus_addresses, "
    "offers_strangers, takes_sent, created_at) VALUES (%(id)s, %(owner)s, %(team)s, %(address)s, %(name)s, %(signature)s, "
    "%(username)s, %(auth)s, %(secret)s, %(token_url)s, %(client_id)s, %(smtp_host)s, %(smtp_port)s, %(smtp_security)s, "
    "%(imap_host)s, %(imap_port)s, %(imap_security)s, %(plus_addresses)s, %(offers_strangers)s, %(takes_sent)s, %(now)s)"
)
_KEEP: LiteralString = "UPDATE chengdan.mail_account SET secret = %s WHERE id = %s AND secret = %s"
_UPDATE: LiteralString = (
    "UPDATE chengdan.mail_account SET team = %(team)s, address = %(address)s, name = %(name)s, signature = %(signature)s, "
    "username = %(username)s, auth = %(auth)s, secret = %(secret)s, token_url = %(token_url)s, client_id = %(client_id)s, "
    "smtp_host = %(smtp_host)s, smtp_port = %(smtp_port)s, smtp_security = %(smtp_security)s, imap_host = %(imap_host)s, "
    "imap_port = %(imap_port)s, imap_security = %(imap_security)s, plus_addresses = %(plus_addresses)s, "
    "offers_strangers = %(offers_strangers)s, takes_sent = %(takes_sent)s, failure = NULL, failures = 0, held_until = NULL WHERE id = %(id)s"
)


def read(row: Sequence[Any]) -> MailAccount:
    """An account from a row of SELECT."""
    first, smtp, imap, rest = row[:11], row[11:14], row[14:17], row[17:]
    return MailAccount(*first, Server(*smtp), Server(*imap), *rest)  # type: ignore[call-arg]


def usable(unit: Unit) -> list[MailAccount]:
    """The accounts that the principal may write with: own ones first, then those of their teams."""
    who = {"user": unit.principal.user, "teams": list(unit.principal.teams), "limit": MAX_ACCOUNTS}
    order: LiteralString = " ORDER BY owner <> %(user)s, created_at LIMIT %(limit)s"
    return [read(row) for row in unit.execute(SELECT + _USABLE + order, who).fetchall()]


def usable_one(unit: Unit, id: UUID) -> MailAccount:
    """An account that the principal may write with. Raises NotFound."""
    who = {"user": unit.principal.user, "teams": list(unit.principal.teams), "id": id}
    row = unit.execute(SELECT + "id = %(id)s AND " + _USABLE, who).fetchone()
    if row is None:
        raise NotFound()
    return read(row)


def owned(unit: Unit, id: UUID) -> MailAccount:
    """An account of the principal's own, which alone may be changed. Raises NotFound."""
    row = unit.execute(SELECT + "id = %s AND owner = %s", (id, unit.principal.user)).fetchone()
    if row is None:
        raise NotFound()
    return read(row)


def find(connection: psycopg.Connection[Any], id: UUID) -> MailAccount | None:
    """An account, for the mail room's own work; None for one that is closed."""
    row = connection.execute(SELECT + "id = %s", (id,)).fetchone()
    return read(row) if row else None


def of_person(unit: Unit, person: UUID) -> list[MailAccount]:
    """The accounts that somebody owns."""
    order: LiteralString = "owner = %s ORDER BY created_at LIMIT %s"
    return [read(row) for row in unit.execute(SELECT + order, (person, MAX_ACCOUNTS)).fetchall()]


def describe(
    given: Mapping[str, Any], principal: Principal, now: MailAccount | None = None
) -> dict[str, Any]:
    """The columns of an account from what its owner enters, over what it is `now`; secrets among it as `secrets`.

    Raises BadAccount with the member that is wrong.
    """
    before = now.as_json() if now else {}
    before = {name: before.get(name, default) for name, default in _DEFAULTS.items()}
    unknown = given.keys() - _DEFAULTS.keys() - {"password", "client_secret", "refresh_token"}
    for name in unknown:
        raise _bad(name, "没有这一项", "there is no such member")
    found: dict[str, Any] = {name: _typed(name, given.get(name, before[name])) for name in _DEFAULTS}
    if not ADDRESS.fullmatch(found["address"]):
        raise _bad("address", "应是邮箱地址", "an e-mail address is expected")
    if found["team"] is not None and found["team"] not in map(str, principal.teams):
        raise _bad("team", "只能给自己所在的团队用", "it can be shared with your own team only")
    if found["auth"] not in _SECRETS:
        raise _bad("auth", "应是 password 或 oauth2", "password or oauth2 is expected")
    if found["auth"] == OAUTH2 and not found["token_url"].startswith(("https://", "http://")):
        raise _bad("token_url", "应以 https:// 开头", "it must start with https://")
    for server in ("smtp", "imap"):
        if found[f"{server}_security"] not in SECURITY or not 1 <= found[f"{server}_port"] <= 65535:
            raise _bad(f"{server}_port", "端口或加密方式不对", "the port or the encryption is not valid")
    found["team"] = UUID(found["team"]) if found["team"] else None
    found["secrets"] = {name: str(given[name]) for name in _SECRETS[found["auth"]] if given.get(name)}
    return found


_DEFAULTS: Mapping[str, Any] = {
    "team": None,
    "address": "",
    "name": "",
    "signature": "",
    "username": "",
    "auth": PASSWORD,
    "token_url": "",
    "client_id": "",
    "smtp_host": "",
    "smtp_port": 465,
    "smtp_security": TLS,
    "imap_host": "",
    "imap_port": 993,
    "imap_security": TLS,
    "plus_addresses": False,
    "offers_strangers": True,
    "takes_sent": True,
}


def _typed(name: str, value: Any) -> Any:
    wanted = type(_DEFAULTS[name])
    if name == "team":
        return str(value) if value else None
    if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
        raise _bad(name, "类型不对", "it is of the wrong type")
    if isinstance(value, str):
        if len(value) > _MAX_TEXT.get(name, 254) or (name != "signature" and re.search(r"[\r\n\x00]", value)):
            raise _bad(name, "太长或含有换行", "it is too long or holds line breaks")
        return value.strip()
    return value


def _bad(path: str, zh: str, en: str) -> BadAccount:
    return BadAccount(path=path, what=Label(zh, en))


def save(
    unit: Unit, vault: Secrets, described: Mapping[str, Any], now: MailAccount | None = None
) -> MailAccount:
    """Make an account of the principal's, or change it. Secrets that are left out stay. Raises AddressTaken."""
    id = now.id if now else new_id()
    known = _kept_secrets(now, vault, described["auth"]) | described["secrets"]
    sealed = vault.seal(json.dumps(known), _place(id)) if known else None
    row = {**described, "id": id, "owner": unit.principal.user, "secret": sealed, "now": unit.now}
    try:
        unit.execute(_UPDATE if now else _INSERT, row)
    except psycopg.errors.UniqueViolation:
        raise AddressTaken(path="address", address=described["address"]) from None
    _changed(unit, id, described["address"], unit.principal.user, {})
    return owned(unit, id)


def keep_secrets(
    connection: psycopg.Connection[Any], vault: Secrets, account: MailAccount, secrets: Mapping[str, str]
) -> None:
    """Put other secrets in place of an account's; nothing where somebody has changed them meanwhile."""
    sealed = vault.seal(json.dumps(dict(secrets)), _place(account.id))
    connection.execute(_KEEP, (sealed, account.id, account.sealed))


def _kept_secrets(now: MailAccount | None, vault: Secrets, auth: str) -> dict[str, str]:
    if now is None or now.auth != auth:
        return {}
    try:
        return dict(now.secrets(vault))
    except SecretUnreadable:
        return {}


def remove(unit: Unit, account: MailAccount) -> None:
    """Take an account away with its secrets and what waited at its door; the mails that came by it stay."""
    for table in (_DROP_STRANGERS, _DROP_FOLDERS, _DROP_ACCOUNT):
        unit.execute(table, (account.id,))
    _changed(unit, account.id, account.address, unit.principal.user, {"removed": True})


def give(unit: Unit, account: MailAccount, to: UUID) -> None:
    """Give an account to another owner, with its secrets, which they don't get to see either."""
    unit.execute("UPDATE chengdan.mail_account SET owner = %s WHERE id = %s", (to, account.id))
    _changed(unit, account.id, account.address, to, {"owner": to})


def close(unit: Unit, account: MailAccount) -> None:
    """Let an account neither send nor receive any more; its address is free for another."""
    unit.execute("UPDATE chengdan.mail_account SET closed_at = %s WHERE id = %s", (unit.now, account.id))
    _changed(unit, account.id, account.address, account.owner, {"closed": True})


def reopen(unit: Unit, id: UUID, owner: UUID) -> bool:
    """Open an account of somebody's that was closed; False: there is none. Raises AddressTaken."""
    row = unit.execute(_CLOSED, (id, owner)).fetchone()
    if row is None:
        return False
    try:
        unit.execute("UPDATE chengdan.mail_account SET closed_at = NULL WHERE id = %s", (id,))
    except psycopg.errors.UniqueViolation:
        raise AddressTaken(path="address", address=row[0]) from None
    _changed(unit, id, row[0], owner, {"closed": False})
    return True


def _changed(unit: Unit, id: UUID, address: str, owner: UUID, facts: Mapping[str, Any]) -> None:
    told = {"account": id, "address": address, **facts}
    unit.record(Event(EventKind.MAIL_ACCOUNT_CHANGED, "user", owner, told))


_CLOSED: LiteralString = (
    "SELECT address FROM chengdan.mail_account WHERE id = %s AND owner = %s AND closed_at IS NOT NULL"
)
_DROP_STRANGERS: LiteralString = "DELETE FROM chengdan.mail_stranger WHERE account = %s"
_DROP_FOLDERS: LiteralString = "DELETE FROM chengdan.mail_folder WHERE account = %s"
_DROP_ACCOUNT: LiteralString = "DELETE FROM chengdan.mail_account WHERE id = %s"


def make_webhook(unit: Unit, vault: Secrets, account: MailAccount) -> str:
    """A new secret for the account's inbound webhook, told once; the one before it signs nothing any more."""
    secret = random.token_urlsafe(32)
    sealed = vault.seal(secret, _hook_place(account.id))
    unit.execute("UPDATE chengdan.mail_account SET webhook_secret = %s WHERE id = %s", (sealed, account.id))
    _changed(unit, account.id, account.address, unit.principal.user, {"webhook": True})
    return secret


def webhook_secret(account: MailAccount, vault: Secrets) -> bytes | None:
    return vault.open(account.hook, _hook_place(account.id)).encode() if account.hook else None


def _place(id: UUID) -> str:
    return f"mail_account/{id}"


def _hook_place(id: UUID) -> str:
    return f"mail_webhook/{id}"
