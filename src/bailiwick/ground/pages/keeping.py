"""What a form brought, for a page that answers instead of the form's own: nothing typed is lost on the way."""

from django.http import HttpRequest

OURS = frozenset({"csrfmiddlewaretoken"})


def typed_in(request: HttpRequest) -> list[tuple[str, str]]:
    """Every field and value of a POST in the order sent, for the element "kept"; [] for a page that was only asked for."""
    if request.method != "POST":
        return []
    return [(name, value) for name, values in request.POST.lists() if name not in OURS for value in values]
