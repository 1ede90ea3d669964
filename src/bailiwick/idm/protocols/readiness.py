"""Checks at start (`check`, `check --deploy`): IDM can sign what it says."""

from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register

from bailiwick.idm.protocols.oidc.keys import SigningKeyMissingError, signing_keys


@register(Tags.security, deploy=True)
def signing_keys_can_be_used(**_: Any) -> list[CheckMessage]:
    """The file of signing keys is there and holds an ES256 key (O-1, L-4)."""
    try:
        signing_keys()
    except SigningKeyMissingError as error:
        hint = "Restore it from its safe place, or make one: see docs/openid-connect.md."
        return [Error(str(error), hint=hint, id="idm.E001")]
    return []
