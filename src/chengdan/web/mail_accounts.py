"""Mail accounts: setting them up and testing them, and the webhook for mail that comes in without IMAP."""

import base64
import hmac
import time
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any
from uuid import UUID

from starlette.responses import Response

from chengdan.base.errors import ChengdanError
from chengdan.run.mail import accounts, connecting
from chengdan.run.mail.accounts import MailAccount
from chengdan.run.mail.errors import BadSignature, UnreadableMessage
from chengdan.run.mail.reading import MAX_BYTES
from chengdan.run.mail.taking import take
from chengdan.run.sessions import SessionNeeded
from chengdan.web.call import Call, as_id
from chengdan.web.endpoint import Endpoint, json_response
from chengdan.web.problem import reason_json

TAG = "mail"
PATH = "/api/mail/accounts"
INBOUND = "/api/mail/inbound/{account}"
TOLERANCE_SECONDS = 300


def list_accounts(call: Call) -> Response:
    """The accounts that one may write with. Nobody is told a secret, its owner neither."""
    with call.runtime.reader(call.visitor.principal) as reader:
        found = accounts.usable(reader)
    me = call.visitor.principal.user
    config = call.runtime.config
    return json_response(
        {
            "items": [{**one.as_json(), "mine": one.owner == me} for one in found],
            "tracking": config.mail_tracking and config.public_url is not None,
        }
    )


def add_account(call: Call) -> Response:
    _require_session(call)
    described = accounts.describe(call.rest(), call.visitor.principal)
    with call.runtime.unit(call.visitor.principal, "mail") as unit:
        made = accounts.save(unit, call.runtime.secrets, described)
    return json_response({**made.as_json(), "mine": True}, 201)


def change_account(call: Call) -> Response:
    _require_session(call)
    with call.runtime.unit(call.visitor.principal, "mail") as unit:
        now = accounts.owned(unit, call.path_id())
        described = accounts.describe(call.rest(), call.visitor.principal, now)
        changed = accounts.save(unit, call.runtime.secrets, described, now)
    return json_response({**changed.as_json(), "mine": True})


def remove_account(call: Call) -> Response:
    _require_session(call)
    with call.runtime.unit(call.visitor.principal, "mail") as unit:
        accounts.remove(unit, accounts.owned(unit, call.path_id()))
    return Response(status_code=204)


def test_account(call: Call) -> Response:
    """Log in to the servers of a saved account; says of each whether it went well, or what is wrong."""
    _require_session(call)
    call.close()
    with call.runtime.reader(call.visitor.principal) as reader:
        account = accounts.owned(reader, call.path_id())
    return json_response({"smtp": _tried(call, account.smtp.host, lambda: _greet_smtp(call, account)), "imap": _tried(call, account.imap.host, lambda: _greet_imap(call, account))})  # fmt: skip


def _tried(call: Call, host: str, greet: Callable[[], None]) -> Mapping[str, Any] | None:
    if not host:
        return None
    try:
        greet()
    except ChengdanError as error:
        return {"ok": False, **reason_json(error, call.locale)}
    return {"ok": True}


def _greet_smtp(call: Call, account: MailAccount) -> None:
    with connecting.smtp(call.runtime.config, call.runtime.secrets, account):
        pass


def _greet_imap(call: Call, account: MailAccount) -> None:
    with connecting.mailbox(call.runtime.config, call.runtime.secrets, account):
        pass


def make_webhook(call: Call) -> Response:
    """A new secret for inbound mail by webhook, shown once."""
    _require_session(call)
    call.close()
    with call.runtime.unit(call.visitor.principal, "mail") as unit:
        account = accounts.owned(unit, call.path_id())
        secret = accounts.make_webhook(unit, call.runtime.secrets, account)
    base = (call.runtime.config.public_url or str(call.request.base_url)).rstrip("/")
    return json_response({"secret": secret, "url": base + INBOUND.format(account=account.id)}, 201)


def take_inbound(call: Call) -> Response:
    """Take a message in: `{"message": base64 of RFC 5322}`, signed with the account's secret."""
    account = _signed_for(call)
    text = call.take("message", str)
    call.close()
    try:
        raw = base64.b64decode(text, validate=True)
    except ValueError:
        raise UnreadableMessage(path="message") from None
    return json_response({"taken": take(call.runtime, account, raw)})


def _signed_for(call: Call) -> MailAccount:
    """The account that the request is signed for; an unknown one is refused as a wrong signature is."""
    id, stamp = as_id(call.path("account")), call.request.headers.get("x-chengdan-timestamp", "")
    given = call.request.headers.get("x-chengdan-signature", "").removeprefix("sha256=")
    secret, account = _secret_of(call, id) if id is not None else (None, None)
    expected = hmac.new(
        secret or b"none", stamp.encode("latin-1", "replace") + b"." + call.raw, sha256
    ).hexdigest()
    fresh = stamp.isascii() and stamp.isdigit() and abs(time.time() - int(stamp[:12])) <= TOLERANCE_SECONDS
    fits = hmac.compare_digest(expected.encode(), given.encode("latin-1", "replace"))
    if secret is None or account is None or not (fits and fresh):
        raise BadSignature()
    return account


def _secret_of(call: Call, id: UUID) -> tuple[bytes | None, MailAccount | None]:
    with call.runtime.pool.connection() as connection:
        account = accounts.find(connection, id)
    if account is None:
        return None, None
    return accounts.webhook_secret(account, call.runtime.secrets), account


def _require_session(call: Call) -> None:
    if not call.visitor.by_session:
        raise SessionNeeded()


_TEXT, _FLAG, _PORT = (
    {"type": "string"},
    {"type": "boolean"},
    {"type": "integer", "minimum": 1, "maximum": 65535},
)
_SECURITY = {"enum": list(accounts.SECURITY)}
_ACCOUNT = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        **dict.fromkeys(("address", "name", "signature", "username", "token_url", "client_id"), _TEXT),
        **dict.fromkeys(("password", "client_secret", "refresh_token", "smtp_host", "imap_host"), _TEXT),
        "auth": {"enum": [accounts.PASSWORD, accounts.OAUTH2]},
        "team": {"type": ["string", "null"], "format": "uuid"},
        **dict.fromkeys(("smtp_port", "imap_port"), _PORT),
        **dict.fromkeys(("smtp_security", "imap_security"), _SECURITY),
        **dict.fromkeys(("plus_addresses", "offers_strangers", "takes_sent"), _FLAG),
    },
}
_NOTHING = {"type": "object", "additionalProperties": False, "properties": {}}
_MESSAGE = {
    "type": "object",
    "required": ["message"],
    "additionalProperties": False,
    "properties": {"message": {"type": "string", "format": "byte"}},
}
ENDPOINTS = (
    Endpoint("GET", PATH, list_accounts, "The mail accounts that one may write with", TAG),
    Endpoint("POST", PATH, add_account, "Add a mail account", TAG, status=201, body=_ACCOUNT),
    Endpoint("PATCH", PATH + "/{id}", change_account, "Change a mail account of one's own", TAG, body=_ACCOUNT),
    Endpoint("DELETE", PATH + "/{id}", remove_account, "Remove a mail account with its secrets", TAG, status=204),
    Endpoint("POST", PATH + "/{id}/test", test_account, "Try to log in to an account's servers", TAG, body=_NOTHING),
    Endpoint("POST", PATH + "/{id}/webhook", make_webhook, "A new secret for mail that comes in by webhook", TAG, status=201, body=_NOTHING),
    Endpoint("POST", INBOUND, take_inbound, "Mail that comes in by webhook, signed", TAG, public=True, body=_MESSAGE, max_bytes=MAX_BYTES * 4 // 3 + 1_000),
)  # fmt: skip
