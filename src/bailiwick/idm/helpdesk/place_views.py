"""Organizations at the desk: finding one, and those where nobody can decide (G-5, G-7). Not for approvers, who have their own."""

from datetime import datetime

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.program import by
from bailiwick.ground.rulings import Refused
from bailiwick.idm.access import queries as access
from bailiwick.idm.helpdesk.forms import OrganizationForm
from bailiwick.idm.helpdesk.scope import Scope
from bailiwick.idm.helpdesk.views import desk_page
from bailiwick.idm.organizations import queries as organizations
from bailiwick.idm.organizations.actions import count_search
from bailiwick.idm.organizations.models import Organization
from bailiwick.idm.rules.catalogue import Application

ROWS = 50
COLUMNS = (
    gettext_lazy("Legal Business Name"),
    gettext_lazy("Submitter ID"),
    gettext_lazy("Place"),
)
ALONE_COLUMNS = (
    gettext_lazy("Legal Business Name"),
    gettext_lazy("Submitter ID"),
    gettext_lazy("Nobody can decide since"),
)


@require_http_methods(["GET", "POST"])
@desk_page
def organizations_at_desk(request: HttpRequest, scope: Scope, now: datetime) -> HttpResponse:
    """A POST to search, because a sole owner's business name is a person's name."""
    served = [
        one for one in access.with_approvers() if scope.identity_tier >= 1 or one.code in scope.applications
    ]
    if not scope.is_desk or not served:
        raise Http404(_("There is no such page."))
    form = OrganizationForm(request.POST or None)
    found: list[Organization] | None = None
    if request.method == "POST" and form.is_valid():
        try:
            count_search(account=scope.viewer, by=by(request), now=now)
            found = _found(form.cleaned_data["text"])
        except Refused as refused:
            form.add_error("text", sentence_for(refused.code, **refused.facts))
    context = {
        "form": form,
        "found": found,
        "columns": COLUMNS,
        "alone": [_alone(application, request.GET.get("page"), now) for application in served],
        "alone_columns": ALONE_COLUMNS,
        "width": "wide",
    }
    return render(request, "helpdesk/organizations.html", context)


def _found(text: str) -> list[Organization]:
    """Staff also by submitter ID, closed ones too (G-5)."""
    named = organizations.organization(text)
    return [named] if named else organizations.search(name=text)


def _alone(application: Application, number: str | None, now: datetime) -> dict[str, object]:
    page = Paginator(access.unattended(application, now=now), ROWS).get_page(number)
    since = organizations.unattended_since([each.pk for each in page], application=application.code)
    return {
        "application": application,
        "page": page,
        "rows": [(each, since.get(each.pk)) for each in page],
    }
