"""OAuth 2.0 for mail: a refresh token becomes an access token (RFC 6749, 6.), which logs in by XOAUTH2."""

import json
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from uuid import UUID

from chengdan.base.label import Label
from chengdan.run.mail.accounts import OAUTH2, MailAccount, keep_secrets
from chengdan.run.mail.errors import TokenRefused
from chengdan.run.runtime import Runtime

TIMEOUT_SECONDS = 20
MAX_ANSWER = 64_000
EARLY_SECONDS = 60
_lock = threading.Lock()
_known: dict[tuple[UUID, str], tuple[str, float]] = {}
_renewed: dict[tuple[UUID, str], str] = {}
"""Refresh tokens that the server put in place of one that is kept."""


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A token endpoint that sends elsewhere would get the secrets to carry along."""

    def redirect_request(self, *args: object, **named: object) -> None:
        return None


_opener = urllib.request.build_opener(_NoRedirects)


def access_token(account: MailAccount, secrets: Mapping[str, str]) -> str:
    """A token that is good for a minute at least; kept in memory until then. Raises TokenRefused."""
    key = (account.id, secrets.get("refresh_token", ""))
    with _lock:
        found = _known.get(key)
    if found is not None and found[1] > time.monotonic():
        return found[0]
    answer = _asked(account, {**secrets, "refresh_token": _renewed.get(key, key[1])})
    token = answer.get("access_token")
    if not isinstance(token, str) or not token:
        raise TokenRefused(why=Label("回答里没有令牌", "the answer holds no token"))
    lifetime = answer.get("expires_in")
    seconds = float(lifetime) if isinstance(lifetime, (int, float)) else 0.0
    good = (token, time.monotonic() + max(0.0, seconds - EARLY_SECONDS))
    renewed = answer.get("refresh_token")
    with _lock:
        _known[key] = good
        if isinstance(renewed, str) and renewed and renewed != key[1]:
            _renewed[key] = renewed
            _known[account.id, renewed] = good
    return token


def keep_renewed(runtime: Runtime, account: MailAccount) -> None:
    """Keep the refresh token that the server sent in place of the account's own, which may soon be good for nothing."""
    if account.auth != OAUTH2:
        return
    secrets = account.secrets(runtime.secrets)
    renewed = _renewed.get((account.id, secrets.get("refresh_token", "")))
    if renewed is not None:
        with runtime.pool.connection() as connection:
            keep_secrets(connection, runtime.secrets, account, {**secrets, "refresh_token": renewed})


def forget(account: MailAccount) -> None:
    """Let the next log-in ask anew: the server refused the token."""
    with _lock:
        for key in [key for key in _known if key[0] == account.id]:
            del _known[key]


def bearer(login: str, token: str) -> str:
    """What XOAUTH2 sends."""
    return f"user={login}\x01auth=Bearer {token}\x01\x01"


def _asked(account: MailAccount, secrets: Mapping[str, str]) -> Mapping[str, object]:
    form = {
        "grant_type": "refresh_token",
        "client_id": account.client_id,
        "refresh_token": secrets.get("refresh_token", ""),
    }
    if secrets.get("client_secret"):
        form["client_secret"] = secrets["client_secret"]
    request = urllib.request.Request(account.token_url, urllib.parse.urlencode(form).encode(), method="POST")
    try:
        with _opener.open(request, timeout=TIMEOUT_SECONDS) as response:
            answer = json.loads(response.read(MAX_ANSWER))
    except urllib.error.HTTPError as error:
        raise TokenRefused(why=_said(error)) from None
    except (OSError, ValueError):
        raise TokenRefused(
            why=Label("连不上或回答不是 JSON", "it can't be reached, or answers no JSON")
        ) from None
    return answer if isinstance(answer, dict) else {}


def _said(error: urllib.error.HTTPError) -> str:
    """The error code of RFC 6749, 5.2, and nothing else of what the server says."""
    try:
        code = json.loads(error.read(MAX_ANSWER)).get("error")
    except (OSError, ValueError, AttributeError):
        code = None
    return code[:60] if isinstance(code, str) and code.replace("_", "").isalnum() else f"HTTP {error.code}"
