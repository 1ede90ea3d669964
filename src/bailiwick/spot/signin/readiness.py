"""Checks at start (`check`, `check --deploy`): SPOT can say who it is to IDM."""

from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register

from bailiwick.spot.identity.client import NotSetUpError, client_key


@register(Tags.security, deploy=True)
def client_key_can_be_used(**_: Any) -> list[CheckMessage]:
    """The key file is there, is a private P-256 key, and has an id."""
    try:
        client_key()
    except NotSetUpError as error:
        return [
            Error(
                str(error), hint="IDM must know the public half: see docs/openid-connect.md.", id="spot.E001"
            )
        ]
    return []
