"""How a kept file goes out: to be saved, never to be run or shown inside our pages."""

from django.http import HttpResponse

from bailiwick.ground.uploads.models import Upload
from bailiwick.ground.uploads.queries import data_of
from bailiwick.ground.uploads.rules import CONTENT_TYPES, Kind

ENDINGS = {Kind.PDF: "pdf", Kind.PNG: "png", Kind.JPEG: "jpg"}


def attachment(upload: Upload) -> HttpResponse:
    """The content of an open upload under its random name. Raises what `data_of` raises.

    Whoever calls this has asked whether the reader may see it.
    """
    kind = Kind(upload.kind)
    response = HttpResponse(data_of(upload), content_type=CONTENT_TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="{upload.pk}.{ENDINGS[kind]}"'
    response["X-Content-Type-Options"] = "nosniff"
    # Where a browser shows it all the same, it is a stranger there: no script, no form, no same origin.
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "no-store"
    return response
