"""Documents of a case, for the desk: one that was signed with a digital certificate (F-8), and letters (F-11)."""

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from bailiwick.ground.pages.downloads import download
from bailiwick.ground.program import by
from bailiwick.ground.uploads.responses import attachment
from bailiwick.spot.forms import actions, queries
from bailiwick.spot.forms.models import Case
from bailiwick.spot.helpdesk.desk import NO_SUCH, case_page
from bailiwick.spot.papers.letters import letter_of, letter_pdf
from bailiwick.spot.rules.deciding import Desk


@require_safe
@case_page
def signed_document(request: HttpRequest, _desk: Desk, now: datetime, case: Case) -> HttpResponse:
    """The document as the official's program signed it: a look that is on the ledger like the page's (L-2)."""
    document = queries.document_of(queries.live_signature(case))
    if document is None:
        raise Http404(NO_SUCH)
    actions.note_look(case=case, by=by(request), now=now)
    return attachment(document.upload)


@require_safe
@case_page
def letter(request: HttpRequest, _desk: Desk, now: datetime, case: Case, number: int) -> HttpResponse:
    """A letter as the contact got it (F-11)."""
    found = letter_of(case, number)
    if found is None:
        raise Http404(NO_SUCH)
    actions.note_look(case=case, by=by(request), now=now)
    document = letter_pdf(case, subject=found.subject, text=found.text, at=found.at)
    return download(document, name=f"{case.tracking}-{number}.pdf", content_type="application/pdf")
