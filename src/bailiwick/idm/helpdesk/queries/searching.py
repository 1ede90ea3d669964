"""Whom a search finds, within a scope (H-1, INV-14). Each way of finding somebody has an index of its own; reads only."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from bailiwick.ground.rulings import Refused
from bailiwick.idm.access.models import Grant, RoleRequest
from bailiwick.idm.access.queries.authority import is_live, rests
from bailiwick.idm.accounts.models import Account, LastNameKey, Person
from bailiwick.idm.helpdesk.queries.finding import MOST_PEOPLE, PersonFound, people_found
from bailiwick.idm.helpdesk.scope import Scope
from bailiwick.idm.organizations.models import Organization
from bailiwick.idm.organizations.queries import record_with
from bailiwick.idm.organizations.queries import search as organizations_like
from bailiwick.idm.proofing.models import Case, Manual
from bailiwick.idm.rules.accounts import AccountState, email_key, plain
from bailiwick.idm.rules.organizations import words_of

SHORTEST = 2
IN_ORDER = ("person__last_name", "person__first_name", "user_id_key")


def people_matching(
    text: str, scope: Scope, *, now: datetime, only_inactive: bool = False
) -> list[PersonFound]:
    """The people whom `text` finds, at most one more than MOST_PEOPLE; "" finds an approver's own people.

    `only_inactive`: of an approver's own, those who hold a role there that rests (I-4).
    """
    accounts = {account.pk: account for account in _own_people(text, scope, now, only_inactive=only_inactive)}
    if scope.is_strong_desk and len(text) >= SHORTEST:
        accounts |= {account.pk: account for account in _known_to_desk(text, scope)}
    return people_found(list(accounts.values())[: MOST_PEOPLE + 1], scope, now=now)


def own_among(accounts: Iterable[Account], scope: Scope, *, now: datetime) -> set[UUID]:
    """Which of them are people of the viewer's own organizations: an approver's look at them is no desk's look."""
    rows = Grant.objects.filter(_at_own_places(scope), is_live(now), account__in=list(accounts))
    return set(rows.values_list("account", flat=True))


def _at_own_places(scope: Scope) -> Q:
    """The grants at the organizations that one approves, of the application that one approves them in."""
    places = scope.authority.places_approved()
    return reduce(or_, (Q(application=code, organization__in=keys) for code, keys in places), Q(pk__in=[]))


def _own_people(text: str, scope: Scope, now: datetime, *, only_inactive: bool) -> list[Account]:
    """The people of the organizations one approves, whom every word of `text` fits.

    From their roles, not from everybody's accounts: these are few, and a database that guesses wrong reads a million.
    """
    if not scope.organizations:
        return []
    held = rests(now) if only_inactive else is_live(now)
    theirs = Grant.objects.filter(_at_own_places(scope), held)
    rows = theirs
    # As typed: a user ID has its dots and hyphens, which the words of a legal name have not.
    for word in text.casefold().split():
        fits = _is_called(word)
        if named := [place.pk for place in scope.organizations if _is_named(place, words_of(word))]:
            fits |= Q(account__in=theirs.filter(organization__in=named).values("account"))
        rows = rows.filter(fits)
    order = [f"account__{column}" for column in IN_ORDER]
    keys = [
        row[0] for row in rows.order_by(*order).values_list("account", *order).distinct()[: MOST_PEOPLE + 1]
    ]
    found = Account.objects.select_related("person").in_bulk(keys)
    return [found[key] for key in keys if key in found]


def _is_named(place: Organization, words: tuple[str, ...]) -> bool:
    parts = words_of(f"{place.legal_name} {place.submitter_id}")
    return bool(words) and all(any(part.startswith(word) for part in parts) for word in words)


def _is_called(word: str) -> Q:
    """One word of the holder's name or user ID, among the few people of one's own."""
    called = Q(account__user_id_key__contains=word) | Q(account__person__middle_name__istartswith=word)
    # What has a digit is no name: left with its letters it would find whoever is called so.
    name = "" if any(sign.isdigit() for sign in word) else plain(word)
    return called | Q(account__person__name_key__contains=name) if name else called


def _known_to_desk(text: str, scope: Scope) -> QuerySet[Account]:
    first, *others = _ways(text, scope)
    rows = Account.objects.select_related("person").filter(pk__in=first.union(*others))
    rows = rows.exclude(state=AccountState.DISCARDED)
    if scope.identity_tier < 1:
        here = Q(application__in=scope.applications, account=OuterRef("pk"))
        rows = rows.filter(Exists(Grant.objects.filter(here)) | Exists(RoleRequest.objects.filter(here)))
    return rows.order_by(*IN_ORDER)[: MOST_PEOPLE + 1]


def _ways(text: str, scope: Scope) -> Iterator[QuerySet[Any]]:
    """By user ID, e-mail, name, confirmation number, organization or submitter ID, review reference number (H-1)."""
    typed = text.strip()
    yield Account.objects.filter(user_id_key__startswith=typed.casefold()).values("pk")
    yield Account.objects.filter(email_key=email_key(typed)).values("pk")
    yield from _called(typed)
    yield RoleRequest.objects.filter(number=typed.upper()).values("account")
    if records := _records(typed):
        yield RoleRequest.objects.filter(record__in=records).values("account")
        yield Grant.objects.filter(organization__record__in=records).values("account")
    if scope.identity_tier >= 1:  # what the proofing vendor calls a person's review is for IDM's desk
        cases = Case.objects.exclude(reference="").filter(reference__in=[typed, typed.upper()])
        yield cases.values("account")
        yield Manual.objects.filter(number=typed.upper()).values("account")


def _records(typed: str) -> list[UUID]:
    """The enrollment records of that submitter ID, or with a legal name like it."""
    record = record_with(typed.upper())
    found = [record.pk] if record else []
    try:
        return [*found, *(place.record_id for place in organizations_like(name=typed))]
    except Refused:  # fewer than three letters: no organization is meant
        return found


def _called(typed: str) -> Iterator[QuerySet[Any]]:
    """Any order of first and last name, each begun; `name_key` is "first|last" without case and accents."""
    words = [word for word in map(plain, typed.replace(",", " ").split()) if word]
    if not words or any(sign.isdigit() for sign in typed):
        return
    people = Person.objects.alias(last_name_key=LastNameKey("name_key"))
    if len(words) == 1:
        yield people.filter(name_key__startswith=words[0]).values("pk")
        yield people.filter(last_name_key__startswith=words[0]).values("pk")
        return
    for first, last in ((words[0], words[-1]), (words[-1], words[0])):
        yield people.filter(name_key__startswith=first, last_name_key__startswith=last).values("pk")
