"""Passwords: hashed with argon2id, compared in the same time whether there is such a user or not."""

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from chengdan.base.errors import ChengdanError

MIN_PASSWORD = 10
MAX_PASSWORD = 200
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_NOBODY = _HASHER.hash("nobody")


class WeakPassword(ChengdanError):
    code = "AUTH-005"
    status = 422
    zh = "密码应为 {low}–{high} 个字符。"
    en = "A password has {low}–{high} characters."


def hash_password(password: str) -> str:
    """The hash to keep. Raises WeakPassword."""
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
        raise WeakPassword(path="password", low=MIN_PASSWORD, high=MAX_PASSWORD)
    return _HASHER.hash(password)


def matches(hash: str | None, password: str) -> bool:
    """Whether `password` is the one of `hash`; with no hash it never is, and takes as long."""
    try:
        _HASHER.verify(hash or _NOBODY, password[: MAX_PASSWORD + 1])
    except VerificationError:
        return False
    return hash is not None
