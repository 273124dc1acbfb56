"""Secrets at rest: what other systems entrust to Chengdan (keys of robots, passwords of mailboxes) lies sealed in the tables.

AES-256-GCM under a key derived from `CHENGDAN_SECRET_KEY`, else from a file that is made in the data folder when first
needed. What a secret is for (`robot/<id>`) is sealed in with it, so that it opens in no other row. A sealed secret is
version (1 byte) · key id (4) · nonce (12) · ciphertext.
"""

import os
import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from chengdan.base.config import Config
from chengdan.base.errors import ChengdanError

FILE = "secret.key"
_VERSION = b"\x01"
_KEY_BYTES, _ID_BYTES, _NONCE_BYTES = 32, 4, 12
_NONCE_AT = len(_VERSION) + _ID_BYTES
_TEXT_AT = _NONCE_AT + _NONCE_BYTES


class SecretUnreadable(ChengdanError):
    """A sealed secret that none of the keys opens; `path` is what it is for."""

    code = "SECRET-001"
    status = 409
    zh = "保存的密钥或密码无法解开。"
    en = "A secret that was kept can't be opened."
    hint_zh = "恢复原来的 CHENGDAN_SECRET_KEY（或数据文件夹里的 secret.key），或重新填写它。"
    hint_en = "Bring back the former CHENGDAN_SECRET_KEY (or secret.key in the data folder), or enter the secret again."


@dataclass(frozen=True)
class Secrets:
    """Seals with the first key and opens with any; `texts` are the keys as they were set, or none: then `file` holds it."""

    texts: Sequence[str]
    file: Path

    def seal(self, secret: str, purpose: str) -> bytes:
        """What may be written into a table."""
        id, key = next(iter(self._keys.items()))
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return _VERSION + id + nonce + AESGCM(key).encrypt(nonce, secret.encode(), purpose.encode())

    def open(self, sealed: bytes, purpose: str) -> str:
        """The secret that was sealed for `purpose`. Raises SecretUnreadable."""
        key = self._keys.get(bytes(sealed[len(_VERSION) : _NONCE_AT]))
        if key is None or sealed[:1] != _VERSION:
            raise SecretUnreadable(path=purpose)
        try:
            nonce, text = bytes(sealed[_NONCE_AT:_TEXT_AT]), bytes(sealed[_TEXT_AT:])
            return AESGCM(key).decrypt(nonce, text, purpose.encode()).decode()
        except (InvalidTag, ValueError):
            raise SecretUnreadable(path=purpose) from None

    @cached_property
    def _keys(self) -> dict[bytes, bytes]:
        """Key id → key, the one that seals first."""
        texts = self.texts or (_kept(self.file),)
        keys = [_derived(text) for text in texts]
        return {sha256(key).digest()[:_ID_BYTES]: key for key in keys}


def configured_secrets(config: Config) -> Secrets:
    """What the settings say: `CHENGDAN_SECRET_KEY` (several with commas between), else the file in the data folder."""
    texts = tuple(text.strip() for text in (config.secret_key or "").split(",") if text.strip())
    return Secrets(texts, config.home / FILE)


def _derived(text: str) -> bytes:
    return HKDF(SHA256(), _KEY_BYTES, salt=None, info=b"chengdan secrets").derive(text.encode())


def _kept(file: Path) -> str:
    """The key in the file, which is made whole at once where it is not there, readable by its owner alone."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write(secrets.token_urlsafe(_KEY_BYTES))
        with suppress(FileExistsError):
            os.link(fresh, file)
        fresh.unlink()
    return file.read_text("ascii").strip()
