"""The development mailbox: a page and a JSON list of what would have been sent. Not routed outside a development run."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from bailiwick.ground.outbox.models import DevelopmentMail

MOST_ROWS = 200


@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    to = request.GET.get("to", "").replace("\x00", "")
    mails = DevelopmentMail.objects.filter(to__iexact=to) if to else DevelopmentMail.objects.all()
    return render(request, "mailbox/list.html", {"mails": mails[:100], "to": to})


@require_safe
def mail(request: HttpRequest, number: int) -> HttpResponse:
    return render(request, "mailbox/mail.html", {"mail": get_object_or_404(DevelopmentMail, pk=number)})


@require_safe
@xframe_options_sameorigin
def mail_html(_request: HttpRequest, number: int) -> HttpResponse:
    """The HTML part by itself, as a mail program would show it."""
    return HttpResponse(get_object_or_404(DevelopmentMail, pk=number).html)


@require_safe
def mailbox_json(request: HttpRequest) -> JsonResponse:
    """`[{"at","channel","to","subject","text","html"}]`, newest first; `?to=` an address or number."""
    to = request.GET.get("to", "").replace("\x00", "")
    mails = DevelopmentMail.objects.filter(to__iexact=to) if to else DevelopmentMail.objects.all()
    rows: list[dict[str, Any]] = list(
        mails.values("at", "channel", "to", "subject", "text", "html")[:MOST_ROWS]
    )
    return JsonResponse(rows, safe=False)
