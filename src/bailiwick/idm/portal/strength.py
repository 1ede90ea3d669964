"""How strongly the person behind a request was signed in, and how lately they must have been to decide (S-2, S-6)."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest

from bailiwick.idm.access.queries.authority import Authority
from bailiwick.idm.applications.queries import catalogue
from bailiwick.idm.rules.grants import SignInStrength


def strength_of(request: HttpRequest) -> SignInStrength:
    return request.signed_in.strength


def sits_at_desk(authority: Authority) -> bool:
    """Whether they decide from a desk, be it beside what they decide as an approver."""
    return authority.is_security_desk or any(
        authority.is_application_desk(one.code) for one in catalogue().applications
    )


def time_to_decide_many(authority: Authority) -> timedelta:
    """A desk's act wants a fresher factor than an approver's (S-6)."""
    limits = settings.LIMITS
    within: timedelta = limits.step_up_desk if sits_at_desk(authority) else limits.step_up
    return within
