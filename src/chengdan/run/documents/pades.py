"""PAdES signatures of PDFs: making them and looking at them, with pyHanko."""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from asn1crypto.keys import PrivateKeyInfo
from asn1crypto.x509 import Certificate
from PIL import Image
from pyhanko.pdf_utils.images import PdfImage
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.general import SigningError
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

FIELD = "CustomerSignature"

Box = tuple[int, int, int, int]


class Unreadable(Exception):
    """Something that is no PDF, or whose signatures are broken."""


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature: name, reason and time as its maker wrote them, whether all is as it was, and the certificate (DER)."""

    name: str
    reason: str
    signed_at: datetime | None
    intact: bool
    certificate: bytes


def sign(
    document: bytes, drawn: Image.Image, box: Box, name: str, reason: str, key: bytes, certificate: bytes
) -> bytes:
    """The document with a picture in the box (points) on its last page, signed; key (PKCS #8) and certificate are DER."""
    about = signers.PdfSignatureMetadata(
        field_name=FIELD,
        name=name,
        reason=reason,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
    )
    signer = signers.PdfSigner(
        about,
        signer=signers.SimpleSigner(
            signing_cert=Certificate.load(certificate),
            signing_key=PrivateKeyInfo.load(key),
            cert_registry=SimpleCertificateStore(),  # type: ignore[no-untyped-call]
        ),
        stamp_style=StaticStampStyle(background=PdfImage(drawn), border_width=0, background_opacity=1.0),
        new_field_spec=fields.SigFieldSpec(FIELD, on_page=-1, box=box),
    )
    signed: io.BytesIO = signer.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(document)))
    return signed.getvalue()


def signatures(document: bytes, trusted: Iterable[bytes]) -> list[Signature]:
    """The signatures of a document, of which those with `trusted` certificates (DER) can be valid. Raises Unreadable."""
    roots = [Certificate.load(one) for one in trusted]
    try:
        found = []
        for one in PdfFileReader(io.BytesIO(document)).embedded_signatures:
            status = validate_pdf_signature(one, ValidationContext(trust_roots=roots, allow_fetching=False))
            found.append(
                Signature(
                    name=str(one.sig_object.get("/Name", "")),
                    reason=str(one.sig_object.get("/Reason", "")),
                    signed_at=one.self_reported_timestamp,
                    intact=bool(status.bottom_line or (status.intact and status.valid)),
                    certificate=one.signer_cert.dump(),
                )
            )
        return found
    except (PdfError, SigningError, SignatureValidationError, ValueError, KeyError, OSError):
        raise Unreadable from None
