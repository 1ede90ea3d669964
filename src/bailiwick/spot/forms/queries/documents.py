"""What stands behind a signature that was made with a digital certificate (F-8)."""

from bailiwick.spot.forms.models import Signature
from bailiwick.spot.forms.signeddocuments import SignedDocument


def document_of(signature: Signature | None) -> SignedDocument | None:
    """The signed document; None for a signature that was made with a code."""
    if signature is None:
        return None
    rows = SignedDocument.objects.select_related("upload", "confirmed_by", "signature")
    return rows.filter(signature=signature).first()
