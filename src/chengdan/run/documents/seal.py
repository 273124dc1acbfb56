"""Seals: a signed document closed with a digital signature (PAdES) of this installation, so that any change shows.

The key is made at first use and stays on this machine; its certificate, signed by itself, is kept in the database and goes
along in every sealed document, so that anybody can verify one who has the certificate.
"""

import os
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from PIL import Image

from chengdan.base.errors import ChengdanError
from chengdan.base.late import Late
from chengdan.kernel.template import BOTTOM, CODE_SIDE, MARGIN, SIGNATURE

if TYPE_CHECKING:
    from chengdan.run.documents import pades
else:
    pades = Late("chengdan.run.documents.pades")

YEARS = 20
POINTS_PER_MM = 72 / 25.4
_CURVE = ec.SECP256R1()
_HASH = "sha256:"
"""What the reason of a seal begins with: the hash of what was signed follows."""


class NotSealed(ChengdanError):
    """A document without a seal, or one that can't be read."""

    code = "SEAL-001"
    status = 422
    zh = "这不是加封的文件。"
    en = "This document carries no seal."


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed document; the bytes of what was shown are its beginning."""

    content: bytes
    certificate: bytes


@dataclass(frozen=True, slots=True)
class SealReport:
    """What a seal says: who signed (as written by them), when and over what, whether all is as it was, and whose seal it is.

    `shown` is the hash of the document before it was signed, which is the beginning of the file; empty when it isn't there.
    """

    signer: str
    sealed_at: datetime | None
    intact: bool
    ours: bool
    shown: str


class Sealer:
    """Seals documents with the key in a folder, which is made when it is first needed."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "document-seal.pem"

    def seal(
        self, document: bytes, drawn: Image.Image, page: tuple[float, float], signer: str, now: datetime
    ) -> Sealed:
        """The document with the drawn signature in its place on the last page (of this size in millimetres), sealed."""
        key, certificate = self._key(now)
        right = page[0] - MARGIN - CODE_SIDE - (-SIGNATURE.x - SIGNATURE.width)
        place = [
            round(side * POINTS_PER_MM)
            for side in (right - SIGNATURE.width, BOTTOM, right, BOTTOM + SIGNATURE.height)
        ]
        reason = f"{_HASH}{sha256(document).hexdigest()}"
        content = pades.sign(
            document, drawn, (place[0], place[1], place[2], place[3]), signer, reason, key, certificate
        )
        return Sealed(content, certificate)

    def _key(self, now: datetime) -> tuple[bytes, bytes]:
        """The key and its certificate (DER)."""
        if not self._file.is_file():
            self._make(now)
        content = self._file.read_bytes()
        key = serialization.load_pem_private_key(content, None)
        raw = key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return raw, x509.load_pem_x509_certificate(content).public_bytes(serialization.Encoding.DER)

    def _make(self, now: datetime) -> None:
        """A fresh key and its certificate. Of two processes that make one at once, one's stays."""
        key = ec.generate_private_key(_CURVE)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Chengdan document seal")])
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=365 * YEARS))
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(), critical=True)
            .sign(key, hashes.SHA256())
        )
        content = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ) + certificate.public_bytes(serialization.Encoding.PEM)
        self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = self._file.with_name(f"{self._file.name}.{os.getpid()}.{os.urandom(4).hex()}")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
        try:
            os.link(fresh, self._file)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()


def _usage() -> x509.KeyUsage:
    """For signatures, and so that what is signed can't be denied; for nothing else."""
    names = ("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign")
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        **dict.fromkeys(names, False),
        encipher_only=False,
        decipher_only=False,
    )


def inspect_seals(document: bytes, known: Iterable[bytes]) -> list[SealReport]:
    """What the seals of a document say; `known` are the certificates of this installation. Raises NotSealed."""
    ours = list(known)
    try:
        signatures = pades.signatures(document, ours)
    except pades.Unreadable:
        raise NotSealed() from None
    if not signatures:
        raise NotSealed()
    return [_report(document, signature, ours) for signature in signatures]


def _report(document: bytes, signature: "pades.Signature", ours: Collection[bytes]) -> SealReport:
    claimed = signature.reason.removeprefix(_HASH)
    return SealReport(
        signer=signature.name,
        sealed_at=signature.signed_at,
        intact=signature.intact,
        ours=signature.certificate in ours,
        shown=claimed if _begins_with(document, claimed) else "",
    )


def _begins_with(document: bytes, hash: str) -> bool:
    """Whether the file begins with a document of this hash: what is signed is only ever added behind it."""
    ends = [found.end() for found in re.finditer(rb"%%EOF\s?", document)][:10]
    return any(sha256(document[:end]).hexdigest() == hash for end in (*ends, *(end - 1 for end in ends)))
