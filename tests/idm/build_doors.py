"""Everybody who may stand before a door, and one of each thing behind the doors; and how a door answers, in one word."""

from dataclasses import dataclass, field
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.test import Client
from django.utils import timezone

from bailiwick.ground.outbox.models import InboxMessage
from bailiwick.ground.program import clock
from bailiwick.idm.access.models import Grant
from bailiwick.idm.accounts.actions import note_first_sign_in
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.helpdesk.models import Closing, SharingCase
from bailiwick.idm.organizations.models import Organization
from bailiwick.idm.rules.sharing import Ground
from bailiwick.idm.sessions import actions as sessions
from bailiwick.idm.sessions.models import Session
from bailiwick.idm.signin.models import Authenticator
from tests.idm import build_desk, build_invitations, build_manual, build_registry
from tests.idm import build_pages as build
from tests.idm.authorization import Route

SIGN_IN, VERIFY = "/", "/sign-in/verify/"


@dataclass
class World:
    """`clients` by who they are; `known`: values for the addresses, all of them of organization A and its people."""

    people: dict[str, Account] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)
    known: dict[str, str] = field(default_factory=dict)

    def add(self, who: str, account: Account) -> Account:
        self.people[who], self.clients[who] = account, build.browser(account).client
        return account

    def answer(self, who: str, method: str, route: Route) -> str:
        """What the door says; nothing is changed by having asked."""
        client = self.clients[who]
        with transaction.atomic():
            cookies = client.cookies.copy()
            response = client.generic(method, route.path(self.known))
            client.cookies = cookies
            transaction.set_rollback(True)
        word = word_of(response)
        return "sign-in" if who == "half" and word == "verify" else word.replace("verify", "open")


def word_of(response) -> str:
    """sign-in, verify, hidden, closed, refused or open."""
    assert response.status_code < 500, response.status_code
    if response.status_code in {301, 302, 303}:
        return {SIGN_IN: "sign-in", VERIFY: "verify"}.get(response["Location"], "open")
    return {404: "hidden", 403: "closed", 400: "refused", 401: "refused", 405: "refused"}.get(
        response.status_code, "open"
    )


def world() -> World:
    """Organization A with its people and everything that can wait there; B with its approver; the desks."""
    made = World()
    a, b = build.organization("Alder Clinic"), build.organization("Birch Clinic")
    made.clients["visitor"] = Client()
    made.clients["half"] = _half(build.person("Hal", "Halfway"))
    made.add("holder", build.person("Rhea", "Roleless"))
    requester = made.add("requester", build.person("Noor", "Ashgrove"))
    member = made.add("end user", build.end_user(a, first="Una", last="Ashgrove"))
    backup = made.add("backup", build.person("Bert", "Backwood"))
    build.grant(backup, "provider-office-backup-approver", a)
    approver = made.add("approver", build.approver(a, first="Ada", last="Firstwood"))
    made.add("other approver", build.approver(b, first="Eve", last="Otherside"))
    for who, number in (("tier 1", 1), ("tier 2", 2), ("tier 3", 3)):
        made.add(who, build_desk.tier(number))
    made.add("auditor", build.person("Odd", "Auditor"))
    build.grant(made.people["auditor"], "auditor", application="idm")
    asked = build.asks(requester, a)
    made.known |= {
        "str": "nothing",
        "int": "1",
        "uuid": str(uuid4()),
        "path": "nothing",
        "submitter_id": a.submitter_id,
        "number": asked.number,
        "person_id": str(member.pk),
        "desk-cancel:person_id": str(requester.pk),
        "grant_id": str(Grant.objects.get(account=member).pk),
        "invitation_id": _invited(made.people["holder"], approver, a),
        "kind": "name",
        "profile_mfa_add_kind:kind": "totp",
        "no_access?": "?application=spot",
        "sign-in-by:application": "spot",
        "profile_letter:number": str(InboxMessage.objects.filter(owner=str(member.pk)).first().pk),
        "profile_mfa_edit:identifier": _authenticator_of(member),
        "profile_mfa_remove:identifier": _authenticator_of(member),
        "profile_sessions_end:identifier": str(Session.objects.get(account=member).pk),
        "value": "ssn",
        "side": "first",
        "act": "verify",
    }
    _add_desk_cases(made)
    for who in ("tier 1", "tier 2", "tier 3"):
        for one in (member, requester):
            made.clients[who].post(build_desk.url("person", one), {"reason": build_desk.REASON})
    return made


def _half(account: Account) -> Client:
    """The password was right; the factor is still to come."""
    _, cookie = sessions.begin(account=account, by=build.COMMAND, now=clock.now())
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = cookie
    return client


def _invited(account: Account, approver: Account, to: Organization) -> str:
    """The invitation waits at their home page: the first sign-in proved the mailbox (R-7)."""
    note_first_sign_in(account=account, now=clock.now())
    return str(build_invitations.invitation(approver, to, email=account.email).pk)


def _authenticator_of(account: Account) -> str:
    found, _ = Authenticator.objects.get_or_create(
        account=account,
        defaults={
            "name": "Telephone",
            "secret_sealed": b"",
            "added_at": clock.now(),
            "confirmed_at": clock.now(),
        },
    )
    return str(found.pk)


def _add_desk_cases(made: World) -> None:
    """What tier 3 works on."""
    manual = build_manual.waiting()
    one, two = build_registry.pair()
    case = build_registry.case_of(one, two)
    joined = build_registry.merged(*build_registry.pair())
    correction = build_registry.asked(made.people["end user"], last="Corrected")
    sharing = SharingCase.objects.create(
        account=made.people["end user"], ground=Ground.REPORTED, opened_at=clock.now()
    )
    closing = Closing.objects.create(
        account=made.people["backup"],
        kind="archive",
        proposed_by=build_desk.tier(3),
        proposed_at=clock.now(),
        reason=build_desk.REASON,
    )
    made.known |= {
        "desk-sharing-case:case_id": str(sharing.pk),
        "desk-sharing-settle:case_id": str(sharing.pk),
        "desk-closing:person_id": str(closing.account_id),
        "closing_id": str(closing.pk),
        "organization-access-export:day": timezone.localdate(clock.now()).isoformat(),
        "desk-proofing:person_id": str(manual.account_id),
        "desk-proofing-decide:person_id": str(manual.account_id),
        "desk-proofing-evidence:person_id": str(manual.account_id),
        "evidence_id": str(manual.evidence.first().pk),
        "case_id": str(case.pk),
        "joined_id": str(joined.pk),
        "correction_id": str(correction.pk),
        "desk-duplicate-decide:act": "different",
    }
