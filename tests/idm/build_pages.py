"""People in front of IDM's pages: accounts, organizations, roles, and browsers that are signed in. Plain functions."""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import count

from django.conf import settings
from django.test import Client

from bailiwick.ground.program import clock
from bailiwick.ground.rulings import By
from bailiwick.idm.access.actions import grant_by_bootstrap, submit_request
from bailiwick.idm.access.models import Grant, RoleRequest
from bailiwick.idm.accounts.actions import open_account
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.accounts.queries import personal_facts
from bailiwick.idm.organizations.actions import claim, put_record
from bailiwick.idm.organizations.models import EnrollmentRecord, Organization
from bailiwick.idm.organizations.queries import record_with
from bailiwick.idm.proofing.actions import consent
from bailiwick.idm.proofing.attempts import prove
from bailiwick.idm.proofing.vendors.scripted import ScriptedVendor
from bailiwick.idm.rules.accounts import Address, PersonalFacts
from bailiwick.idm.rules.proofing import Verified
from bailiwick.idm.rules.sessions import Factor, Stage
from bailiwick.idm.sessions import actions as sessions
from bailiwick.wire.provisioning import record_from_json

COMMAND = By("command")
TIN = "123456789"
_numbers = count(1)


def person(
    first: str = "Robin", last: str = "Larkspur", *, is_proofed: bool = True, **changes: object
) -> Account:
    number = next(_numbers)
    facts = PersonalFacts(
        first=first,
        middle="",
        last=last,
        suffix="",
        birth_date=date(1980, 1, 1) + timedelta(days=number),
        ssn=f"9{number:08}",
        address=Address(line_1="12 Larkspur Lane", city="Orlando", state="FL", zip="32801"),
        phone="2025550101",
        email=f"{first.lower()}.{number}@mail.example",
    )
    facts = replace(facts, **changes)
    account = open_account(user_id=f"{first.lower()}-{number:04}", facts=facts, by=COMMAND, now=clock.now())
    return proofed(account) if is_proofed else account


def proofed(account: Account) -> Account:
    usual = settings.PROOFING_VENDOR
    settings.PROOFING_VENDOR = ScriptedVendor(Verified())
    try:
        case = consent(account=account, by=COMMAND, now=clock.now())
        prove(case=case, facts=personal_facts(account), by=COMMAND, now=clock.now())
    finally:
        settings.PROOFING_VENDOR = usual
    return account


def record(legal_name: str = "Heron Lake Medical Group", **changes: object) -> EnrollmentRecord:
    number = next(_numbers)
    submitter_id = f"SUB{number:05}"
    put_record(
        application="spot",
        submitter_id=submitter_id,
        version=1,
        record=record_from_json(
            {
                "submitter_id": submitter_id,
                "version": 1,
                "legal_name": legal_name,
                "kind": "provider_office",
                "tin": TIN,
                "tin_tag": "ein",
                "address": "1 Lake Street",
                "phone": "4075550100",
                "city": "Orlando",
                "state": "FL",
                "zip": "32801",
                "status": "active",
                "approver": {"name": "Robin Larkspur", "email": "robin@mail.example"},
                **changes,
            }
        ),
        by=COMMAND,
        now=clock.now(),
    )
    return record_with(submitter_id)


def organization(legal_name: str = "Heron Lake Medical Group", **changes: object) -> Organization:
    return claim(record=record(legal_name, **changes), by=COMMAND, now=clock.now())


def grant(account: Account, role: str, of: Organization | None = None, application: str = "spot") -> Grant:
    return grant_by_bootstrap(
        account=account, application=application, role=role, organization=of, by=COMMAND, now=clock.now()
    )


def approver(of: Organization, **names: str) -> Account:
    account = person(**names)
    grant(account, "provider-office-approver", of)
    return account


def end_user(of: Organization, **names: str) -> Account:
    account = person(**names)
    grant(account, "end-user", of)
    return account


def tier_2(**names: str) -> Account:
    account = person(**names)
    grant(account, "help-desk")
    return account


def tier_1(**names: str) -> Account:
    account = person(**names)
    grant(account, "tier-1", application="idm")
    return account


def asks(account: Account, of: Organization, role: str = "end-user", way: str = "pick") -> RoleRequest:
    return submit_request(
        account=account,
        application="spot",
        role=role,
        way=way,
        organization=of,
        reason="I work in billing.",
        once=f"00000000-0000-4000-8000-{next(_numbers):012}",
        by=By(str(account.pk)),
        now=clock.now(),
    )


def asks_to_create(
    account: Account, at: EnrollmentRecord, role: str = "provider-office-approver"
) -> RoleRequest:
    return submit_request(
        account=account,
        application="spot",
        role=role,
        way="create",
        record=at,
        reason="I am the approver on the form.",
        once=f"00000000-0000-4000-8000-{next(_numbers):012}",
        by=By(str(account.pk)),
        now=clock.now(),
    )


@dataclass
class Browser:
    """A signed-in browser that fills in forms as a person without JavaScript would."""

    client: Client

    def open(self, path: str, *, status: int = 200):
        response = self.client.get(path, follow=True)
        assert response.status_code == status, (path, response.status_code, text_of(response)[:400])
        return response

    def send(self, path: str, data: dict | None = None, *, status: int = 200, follow: bool = True):
        response = self.client.post(path, data or {}, follow=follow)
        assert response.status_code == status, (path, response.status_code, text_of(response)[:400])
        return response


def browser(
    account: Account, factor: Factor = Factor.TOTP, *, ago: timedelta = timedelta(0), limited: bool = False
) -> Browser:
    """Signed in with that factor, passed `ago`."""
    now = clock.now() - ago
    session, _ = sessions.begin(account=account, by=COMMAND, now=now)
    stage = Stage.LIMITED if limited else Stage.FULL
    cookie = sessions.complete(session=session, factor=factor, stage=stage, by=COMMAND, now=now)
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = cookie
    return Browser(client)


def text_of(response) -> str:
    """The page's words, without its markup."""
    html = re.sub(r"(?s)<(script|style).*?</\1>", " ", response.content.decode())
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


def hidden(response, name: str, form: int = 0) -> str:
    """The value of a hidden field of the page."""
    found = re.findall(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', response.content.decode())
    return found[form]
