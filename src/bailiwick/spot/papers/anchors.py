"""Whom this deployment trusts to say who somebody is: issuers of certificates, read once, at start (F-8)."""

import re
from pathlib import Path

from cryptography.x509 import load_pem_x509_certificate, load_pem_x509_crl

BLOCK = re.compile(r"-----BEGIN (?P<kind>[A-Z0-9 ]+)-----.*?-----END (?P=kind)-----", re.DOTALL)


def anchors_at(path: Path | None) -> str:
    """The PEM text of the issuers that this deployment trusts, and of their revocation lists; "" for none.

    Raises ValueError, with a sentence, for a file that has no certificate or cannot be read.
    """
    if path is None:
        return ""
    try:
        text = path.read_text()
        kinds = [_loaded(found) for found in BLOCK.finditer(text)]
    except (OSError, ValueError) as problem:
        raise ValueError(f"SIGNATURE_ANCHORS cannot be read: {type(problem).__name__}.") from problem
    if "CERTIFICATE" not in kinds:
        raise ValueError("SIGNATURE_ANCHORS holds no certificate in PEM.")
    return text


def _loaded(block: re.Match[str]) -> str:
    """The kind of one block, once it could be read. Raises ValueError."""
    loaders = {"CERTIFICATE": load_pem_x509_certificate, "X509 CRL": load_pem_x509_crl}
    kind = block["kind"]
    if kind not in loaders:
        raise ValueError(kind)
    loaders[kind](block[0].encode())
    return kind
