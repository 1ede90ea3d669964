"""How strongly the person behind a request was signed in, as the rules of `access` want to know it (S-2, S-6)."""

from django.http import HttpRequest

from bailiwick.idm.rules.grants import SignInStrength


def strength_of(request: HttpRequest) -> SignInStrength:
    return request.signed_in.strength
