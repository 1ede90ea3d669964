"""A Django view that does nothing, served exactly as IDM is: `python -m bench.bare <port>`."""

import sys

from django.http import HttpRequest, HttpResponse
from django.urls import path

from bailiwick.command.programs import PROGRAMS
from bailiwick.command.serving import serve

THREADS = 3


def bare(_request: HttpRequest) -> HttpResponse:
    # Said here, for without the middleware nobody else would say it.
    return HttpResponse("ok", headers={"Content-Length": "2"})


urlpatterns = [path("bare", bare), path("healthz", bare)]

if __name__ == "__main__":
    # IDM's own door: it keeps the settings module that the environment names.
    serve(PROGRAMS["idm"], host="127.0.0.1", port=int(sys.argv[1]), workers=1, threads=THREADS)
