"""Failing: why a mail did not go out: a kind that people are told in their language, and the server's own words beside it."""

from typing import Any

from chengdan.base.errors import ChengdanError
from chengdan.kernel.mail import Failure
from chengdan.run.mail.connecting import CANT_RESOLVE, NO_ANSWER, NO_TLS, NOT_MAIL
from chengdan.run.mail.errors import (
    HostRefused,
    LoginRefused,
    MessageRefused,
    NoAccount,
    ServerUnreachable,
    TokenRefused,
)
from chengdan.store.secrets import SecretUnreadable

MAX_WORDS = 500
_KINDS: dict[type[Exception], Failure] = {
    NoAccount: Failure.NO_ACCOUNT,
    SecretUnreadable: Failure.SECRET_UNREADABLE,
    HostRefused: Failure.HOST_REFUSED,
    LoginRefused: Failure.LOGIN_REFUSED,
    TokenRefused: Failure.TOKEN_REFUSED,
    MessageRefused: Failure.REFUSED,
}
_UNREACHABLE = {
    CANT_RESOLVE: Failure.NO_SUCH_HOST,
    NO_ANSWER: Failure.NO_ANSWER,
    NO_TLS: Failure.NO_TLS,
    NOT_MAIL: Failure.NOT_MAIL,
}


def failure(kind: Failure | None = None, words: str = "") -> dict[str, Any]:
    """What a mail is told of its failure, by role; that there is none, without a kind."""
    return {"failure_kind": kind, "failure": words[:MAX_WORDS] or None}


def failure_of(error: Exception) -> dict[str, Any]:
    """The failure that an error is; one that isn't known is the program's own fault."""
    if not isinstance(error, ChengdanError):
        return failure(Failure.FAULT, type(error).__name__)
    said = error.data
    if isinstance(error, ServerUnreachable):
        return failure(_UNREACHABLE[said["why"]], f"{said['host']}:{said['port']}")
    words = (said.get(name) for name in ("why", "host"))
    kind = _KINDS.get(type(error), Failure.FAULT)
    return failure(kind, next((text for text in words if isinstance(text, str)), ""))
