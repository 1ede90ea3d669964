"""Pages whose address holds a secret keep it to themselves."""

from django.http import HttpResponse


def discreet(page: HttpResponse) -> HttpResponse:
    """The address holds a token: it goes along to no other page, not even to ours.

    `strict-origin` sends the origin alone. `no-referrer` would send nothing, and then the form's own CSRF check over TLS,
    which asks for a referrer of this origin, would refuse it.
    """
    page["Referrer-Policy"] = "strict-origin"
    return page
