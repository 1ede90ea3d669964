"""Files that a person takes along: always saved and never shown in place, kept by no cache (ASVS 3.2.1, 14.2.2)."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header


def download(data: bytes, *, name: str, content_type: str) -> HttpResponse:
    """`data` as a file of that name."""
    response = HttpResponse(data, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response["Cache-Control"] = "no-store, private"
    return response
