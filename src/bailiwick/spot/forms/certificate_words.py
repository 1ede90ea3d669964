"""What an official reads when a document signed with a certificate is not taken."""

from django.utils.translation import gettext_lazy as _

from bailiwick.spot.rules.certificates import Refusal

WORDS = {
    Refusal.NOT_OFFERED: _("Certificates are not taken here. Sign with a code to your mailbox."),
    Refusal.NOT_OUR_DOCUMENT: _(
        "This is not the document of this form as it is now, or your program wrote the file anew instead of adding to it. "
        "Download the document again, sign exactly that file, and send it; or sign with a code."
    ),
    Refusal.NOT_SIGNED: _(
        "There is no digital signature in this document. A picture of a signature is none. Sign it with your certificate, "
        "or sign with a code."
    ),
    Refusal.SIGNED_TWICE: _(
        "There are several signatures in this document. Download it again, and sign it once."
    ),
    Refusal.DOCUMENT_CHANGED: _(
        "Something was added to the document besides the signature: a note, a mark, a field. Download it again and do "
        "nothing but sign it."
    ),
    Refusal.SIGNATURE_BROKEN: _(
        "The signature does not fit the document: one of them was changed. Download it again and sign it anew."
    ),
    Refusal.NOT_TRUSTED: _(
        "Your certificate comes from an issuer that is not trusted here, or is not meant for signing. Sign with a code, "
        "or call the help desk."
    ),
    Refusal.NOT_IN_FORCE: _(
        "Your certificate has expired, or is not good yet. Sign with one that is good today, or with a code."
    ),
    Refusal.REVOKED: _("Your certificate was revoked by its issuer. Sign with another one, or with a code."),
    Refusal.TOO_WEAK: _(
        "The signature was made in a way that is too weak today, as with SHA-1. Set your program to SHA-256 and sign again, "
        "or sign with a code."
    ),
    Refusal.UNREADABLE: _(
        "The signature in this document cannot be read. Download the document again and sign it anew, or sign with a code."
    ),
}
