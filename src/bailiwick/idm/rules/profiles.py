"""The two policies that a deployment can choose between, as one frozen table (IDM_POLICY_PROFILE). Pure.

`standard` is what docs/rules.md says. `strict` follows NIST SP 800-63B-4 where the two differ; docs/policy-profiles.md
is printed from here.
"""

from dataclasses import dataclass, fields
from types import MappingProxyType

from bailiwick.idm.rules.limits import Limits


@dataclass(frozen=True)
class Profile:
    """What can differ between deployments. A number that is in `Limits`, too, takes the place of the one there."""

    name: str
    composition_rules: bool
    password_longest: int
    password_change_once_a_day: bool
    idle_password_expiry: bool
    security_question: bool
    email_only_after_first_sign_in: bool


STANDARD = Profile(
    name="standard",
    composition_rules=True,
    password_longest=Limits().password_longest,
    password_change_once_a_day=True,
    idle_password_expiry=True,
    security_question=True,
    email_only_after_first_sign_in=True,
)
STRICT = Profile(
    name="strict",
    composition_rules=False,
    password_longest=128,
    password_change_once_a_day=False,
    idle_password_expiry=False,
    security_question=False,
    email_only_after_first_sign_in=False,
)
PROFILES = MappingProxyType({profile.name: profile for profile in (STANDARD, STRICT)})

MEANINGS: dict[str, tuple[str, str, str]] = {
    "composition_rules": (
        "P-1",
        "A password needs an upper-case letter, a lower-case letter and a digit",
        "3.1.1.2: no rules of composition; length and the list of leaked passwords do the work",
    ),
    "password_longest": (
        "P-1",
        "The longest password, in characters",
        "3.1.1.2: at least 64 are to be accepted",
    ),
    "password_change_once_a_day": (
        "P-4",
        "The holder changes the password once in 24 hours at most",
        "3.1.1.2: who fears for a password changes it at once",
    ),
    "idle_password_expiry": (
        "P-5",
        "60 days without any sign-in expire the password",
        "3.1.1.2: a password changes where there is a sign that it was taken, not because time went by",
    ),
    "security_question": (
        "P-10",
        "A security question is asked at registration, and its answer at recovery",
        "3.1.1.2: no questions about what others can find out",
    ),
    "email_only_after_first_sign_in": (
        "S-2",
        "After the first sign-in a code by e-mail may stay the only second step",
        "3.1.3.1: e-mail is no channel for the second step; it serves the first sign-in only",
    ),
}
"""For each field: the rule it is about, what it means where it is true, and why `strict` differs (SP 800-63B-4)."""


def limits_under(profile: Profile) -> Limits:
    """The deployment's numbers under that profile."""
    return Limits(password_longest=profile.password_longest)


def differences() -> list[tuple[str, str, str, str, str]]:
    """Rows of (rule, what it means, standard, strict, why strict differs), for every field of `Profile`."""
    rows = []
    for field in fields(Profile):
        if field.name != "name":
            rule, meaning, why = MEANINGS[field.name]
            standard, strict = (_words(getattr(profile, field.name)) for profile in (STANDARD, STRICT))
            rows.append((rule, meaning, standard, strict, why))
    return rows


def _words(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
