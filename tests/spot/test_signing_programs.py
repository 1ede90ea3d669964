"""A document that another program than ours signed, sent through the page (F-8)."""

import shutil
import subprocess

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from django.test import Client

from bailiwick.ground.program import clock
from tests.spot.build_certificates import NORA, holder, issuer
from tests.spot.build_forms import awaiting_case
from tests.spot.test_certificate_signing import send

PROGRAMS = ("pdfsig", "certutil", "pk12util")
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        not all(map(shutil.which, PROGRAMS)),
        reason="needs poppler's pdfsig: apt install poppler-utils libnss3-tools",
    ),
]


def keys_of(one, directory) -> None:
    """The holder's key and certificates, in the kind of store that poppler signs from."""
    pair = serialize_key_and_certificates(
        b"nora", one.key, one.certificate, one.chain, BestAvailableEncryption(b"in between")
    )
    (directory / "nora.p12").write_bytes(pair)
    store = f"sql:{directory}"
    subprocess.run(["certutil", "-N", "-d", store, "--empty-password"], check=True, capture_output=True)
    taken = ["pk12util", "-i", str(directory / "nora.p12"), "-d", store, "-W", "in between", "-K", ""]
    subprocess.run(taken, check=True, capture_output=True)


def signed_by_poppler(document: bytes, directory) -> bytes:
    """What `pdfsig` makes of the document."""
    came, goes = directory / "form.pdf", directory / "signed.pdf"
    came.write_bytes(document)
    command = [
        "pdfsig",
        str(came),
        str(goes),
        "-nssdir",
        f"sql:{directory}",
        "-add-signature",
        "-nick",
        "nora",
    ]
    subprocess.run(command, check=True, capture_output=True)
    return goes.read_bytes()


def test_a_document_signed_with_poppler_is_taken(tmp_path, settings):
    """Our own document, signed by another program with the key of a trusted issuer's certificate. [F-8]"""
    settings.SIGNATURE_ANCHORS = issuer().pem
    keys_of(holder(now=clock.now(), key=rsa.generate_private_key(65537, 2048)), tmp_path)
    _case, token = awaiting_case()
    ours = Client().get(f"/sign/{token}/form.pdf").content
    back = signed_by_poppler(ours, tmp_path)
    answer = send(token, back)
    assert (answer.status_code, answer.get("Location")) == (302, f"/sign/{token}/"), answer.content.decode()
    assert f"A digital certificate of {NORA}" in Client().get(f"/sign/{token}/").content.decode()
