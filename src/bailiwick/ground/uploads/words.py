"""What a person reads when a file is not taken, or does not open."""

from django.utils.translation import gettext_lazy as _

from bailiwick.ground.uploads.rules import Refusal

WORDS = {
    Refusal.EMPTY: _("This file is empty. Choose the file again, or scan the document anew."),
    Refusal.TOO_LARGE: _(
        "This file is larger than %(most)s MB. Scan the document with fewer dots per inch, or send it in parts."
    ),
    Refusal.WRONG_KIND: _(
        "This file is not a PDF, JPEG or PNG, whatever its name says. Save or scan the document as one of these."
    ),
    Refusal.UNREADABLE: _("This file is damaged and cannot be opened. Scan or save the document anew."),
    Refusal.MORE_THAN_ONE: _(
        "Something else is attached behind the end of this file. Save or scan the document anew and send only that."
    ),
    Refusal.TOO_MANY_PIXELS: _(
        "This picture has too many pixels. Take it or scan it with a lower resolution, up to 50 megapixels."
    ),
    Refusal.MOVES: _("This is a moving picture. Send one that stands still."),
    Refusal.TOO_MANY_PAGES: _("This PDF has more than 200 pages. Send only the pages that are needed."),
    Refusal.ENCRYPTED: _("This PDF is protected by a password. Save it without one and send it again."),
    Refusal.ACTIVE: _(
        "This PDF contains a program or media that run when it is opened. Print it to a new PDF and send that."
    ),
    Refusal.CARRIES_FILES: _(
        "This PDF carries other files inside. Print it to a new PDF, and send the other files by themselves."
    ),
    Refusal.NOT_SCANNED: _("This file waits for the virus scan. Come back in a few minutes."),
    Refusal.INFECTED: _("The virus scan found something in this file. It was deleted; ask for another one."),
    Refusal.DELETED: _("This file was deleted on its day. Nobody can open it any more."),
}
