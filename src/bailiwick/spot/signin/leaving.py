"""A person leaves for IDM to sign in: the request they carry there (O-1), with what only SPOT and this browser know kept here."""

from datetime import datetime, timedelta

from django.conf import settings

from bailiwick.ground.ledger import By
from bailiwick.spot.signin import actions, secrets

SCOPE = "openid profile email"


def authorization_request(
    *,
    browser: str,
    goes_to: str,
    redirect_uri: str,
    by: By,
    now: datetime,
    max_age: timedelta | None = None,
    level: str = "",
    language: str = "",
) -> dict[str, str]:
    """The parameters for IDM's authorization endpoint: fresh state, nonce and PKCE challenge (S256).

    `max_age`: IDM asks for the second step again unless it was taken within that time (S-6). `level`: the least that the
    sign-in has to be, where that is more than SPOT's own minimum (S-2). `language`: what the person chose to read here.
    """
    opened = actions.start_attempt(browser=browser, goes_to=goes_to, by=by, now=now)
    wishes = {
        "max_age": "" if max_age is None else str(int(max_age.total_seconds())),
        "ui_locales": language,
    }
    return {name: value for name, value in wishes.items() if value} | {
        "response_type": "code",
        "client_id": settings.ENVIRONMENT.client_id,
        "redirect_uri": redirect_uri,
        "scope": SCOPE,
        "state": opened.state,
        "nonce": opened.nonce,
        "code_challenge": secrets.challenge(opened.verifier),
        "code_challenge_method": "S256",
        "acr_values": level or settings.ENVIRONMENT.minimum_acr,
    }
