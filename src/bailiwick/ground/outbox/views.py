"""The development mailbox: a page and a JSON list of what would have been sent. Not routed outside a development run."""

import json
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from bailiwick.ground.outbox.channels import keep
from bailiwick.ground.outbox.delivery import Parcel
from bailiwick.ground.outbox.models import DevelopmentMail

MOST_ROWS = 200


@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    to = request.GET.get("to", "").replace("\x00", "")
    return render(request, "mailbox/list.html", {"mails": _newest_first(to)[:100], "to": to})


@require_safe
def mail(request: HttpRequest, number: int) -> HttpResponse:
    return render(request, "mailbox/mail.html", {"mail": get_object_or_404(DevelopmentMail, pk=number)})


@require_safe
@xframe_options_sameorigin
def mail_html(_request: HttpRequest, number: int) -> HttpResponse:
    """The HTML part by itself, as a mail program would show it."""
    return HttpResponse(get_object_or_404(DevelopmentMail, pk=number).html)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def mailbox_json(request: HttpRequest) -> HttpResponse:
    """`[{"at","channel","to","subject","text","html"}]`, newest first; `?to=` an address or number.

    POST hands over one message of another program of this world, as `channels.hand_over` writes it.
    """
    if request.method == "POST":
        return _take(request)
    mails = _newest_first(request.GET.get("to", "").replace("\x00", ""))
    rows: list[dict[str, Any]] = list(
        mails.values("at", "channel", "to", "subject", "text", "html")[:MOST_ROWS]
    )
    return JsonResponse(rows, safe=False)


def _newest_first(to: str) -> QuerySet[DevelopmentMail]:
    # A call behind an extension is found by its number, too: "3015550123;ext=12".
    to_them = Q(to__iexact=to) | Q(to__startswith=f"{to};ext=")
    mails = DevelopmentMail.objects.filter(to_them) if to else DevelopmentMail.objects.all()
    # By the moment it was told, not of its arrival: what another program hands over may come late.
    return mails.order_by("-at", "-id")


def _take(request: HttpRequest) -> HttpResponse:
    # JSON by name: a page of another origin cannot send that without being asked first, and is not allowed then.
    if request.content_type != "application/json":
        return HttpResponseBadRequest("A message is application/json.")
    try:
        told = json.loads(request.body)
        words = {name: str(told[name]) for name in ("key", "channel", "to", "subject")}
        body = {"text": str(told["text"]), "html": str(told["html"])}
        parcel = Parcel(**words, kind="", body=body, created_at=datetime.fromisoformat(told["at"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        return HttpResponseBadRequest("This is not a message.")
    keep(parcel)
    return HttpResponse(status=204)
