"""Builders: issuers, certificates, and documents that are signed with them, well and badly. Nobody here exists."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO
from typing import Any

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

from bailiwick.ground.program import clock
from bailiwick.spot.rules.certificates import Certificate

ISSUED, GOOD_FOR = timedelta(days=30), timedelta(days=365)
Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
NORA, NORAS_MAILBOX = "Nora Castellan", "nora.castellan@pelicancove.example"


@dataclass(frozen=True)
class Holder:
    """A certificate, its key, and what a program sends along with them."""

    certificate: x509.Certificate
    key: Key
    chain: tuple[x509.Certificate, ...] = ()

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(Encoding.PEM).decode()


@cache
def issuer(name: str = "Pinecrest Certificates") -> Holder:
    """An issuer that signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    good = (datetime(2020, 1, 1, tzinfo=UTC), datetime(2060, 1, 1, tzinfo=UTC))
    return Holder(_certified(name, key, by=name, with_key=key, good=good, is_issuer=True), key)


def holder(
    name: str = NORA,
    mailbox: str = NORAS_MAILBOX,
    *,
    now: datetime,
    by: Holder | None = None,
    age: timedelta = ISSUED,
    good_for: timedelta = GOOD_FOR,
    key: Key | None = None,
    **usage: bool,
) -> Holder:
    """Somebody with a certificate, a month old; `usage` changes what its key is for."""
    by = by or issuer()
    key = key or ec.generate_private_key(ec.SECP256R1())
    named = by.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
    good = (now - age, now - age + good_for)
    made = _certified(name, key, by=str(named), with_key=by.key, good=good, mailbox=mailbox, **usage)
    return Holder(made, key, (by.certificate,))


def revoking(*revoked: Holder, by: Holder | None = None, now: datetime) -> str:
    """The revocation list of the issuer, in PEM."""
    by = by or issuer()
    entries = [
        x509.RevokedCertificateBuilder()
        .serial_number(one.certificate.serial_number)
        .revocation_date(now - timedelta(days=2))
        .build()
        for one in revoked
    ]
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(by.certificate.subject)
        .last_update(now - timedelta(days=1))
        .next_update(now + timedelta(days=7))
    )
    for entry in entries:
        builder = builder.add_revoked_certificate(entry)
    return builder.sign(by.key, hashes.SHA256()).public_bytes(Encoding.PEM).decode()


def proof(**changes: Any) -> Certificate:
    """What Nora Castellan's good certificate proves, but for what is changed."""
    now = clock.now()
    known = {
        "name": NORA,
        "organization": "",
        "mailboxes": (NORAS_MAILBOX,),
        "issuer": "Common Name: Pinecrest Certificates",
        "serial": "1",
        "fingerprint": "0" * 64,
        "good_from": now,
        "good_until": now,
        "is_list_known": False,
    }
    return Certificate(**{**known, **changes})


def signed(document: bytes, one: Holder, *, field: str = "Official", **named: Any) -> bytes:
    """The document as the holder's program gives it back: added to, with one signature more."""
    writer = IncrementalPdfFileWriter(BytesIO(document))
    return signed_by_writer(writer, one, field=field, **named)


def signed_by_writer(
    writer: IncrementalPdfFileWriter,
    one: Holder,
    *,
    field: str = "Official",
    digest: str = "sha256",
    box: tuple[int, int, int, int] | None = None,
) -> bytes:
    key = one.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    signer = signers.SimpleSigner(
        signing_cert=_asn1(one.certificate),
        signing_key=asn1_keys.PrivateKeyInfo.load(key),
        cert_registry=SimpleCertificateStore.from_certs(map(_asn1, one.chain)),
    )
    if box:
        fields.append_signature_field(writer, fields.SigFieldSpec(field, box=box, on_page=-1))
    meta = signers.PdfSignatureMetadata(field_name=field, md_algorithm=digest)
    return signers.PdfSigner(meta, signer=signer).sign_pdf(writer).getvalue()


def _asn1(one: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(one.public_bytes(Encoding.DER))


def _certified(
    name: str,
    key: Key,
    *,
    by: str,
    with_key: Key,
    good: tuple[datetime, datetime],
    is_issuer: bool = False,
    mailbox: str = "",
    **usage: bool,
) -> x509.Certificate:
    told = {
        "digital_signature": not is_issuer,
        "content_commitment": not is_issuer,
        "key_encipherment": False,
        "data_encipherment": False,
        "key_agreement": False,
        "key_cert_sign": is_issuer,
        "crl_sign": is_issuer,
        "encipher_only": False,
        "decipher_only": False,
        **usage,
    }
    builder = (
        x509.CertificateBuilder()
        .subject_name(_named(name))
        .issuer_name(_named(by))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(good[0])
        .not_valid_after(good[1])
        .add_extension(x509.BasicConstraints(ca=is_issuer, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**told), critical=True)
    )
    if mailbox:
        alternative = x509.SubjectAlternativeName([x509.RFC822Name(mailbox)])
        builder = builder.add_extension(alternative, critical=False)
    return builder.sign(with_key, hashes.SHA256())


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
