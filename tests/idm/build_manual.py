"""People whom only documents can prove, and the security desk that looks at them, as plain functions."""

from uuid import uuid4

from django.conf import settings

from bailiwick.ground.program import clock
from bailiwick.ground.rulings import By
from bailiwick.ground.uploads.rules import Content, Kind
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.accounts.queries import personal_facts
from bailiwick.idm.proofing import actions
from bailiwick.idm.proofing.actions import consent
from bailiwick.idm.proofing.attempts import prove
from bailiwick.idm.proofing.models import Manual
from bailiwick.idm.proofing.vendors.scripted import ScriptedVendor
from bailiwick.idm.rules.accounts import Address
from bailiwick.idm.rules.manual import NEEDED_CHECKS, Document, Verdict
from bailiwick.idm.rules.proofing import NotVerified
from tests.ground.build_uploads import picture, sent
from tests.idm import build_desk, build_pages

ABROAD = Address(line_1="4 Rue des Lilas", city="Lyon", state="Rhone", zip="69001", country="France")
WHY = "Passport and utility bill agree with the account."
MISSING = "The picture of the passport is cut off on the left side."
BY_HAND = "/role-request/identity/by-hand/"


def unproven(**changes: object) -> Account:
    """The vendor could not verify them: documents are the way that is left."""
    account = build_pages.person(is_proofed=False, **changes)
    usual = settings.PROOFING_VENDOR
    settings.PROOFING_VENDOR = ScriptedVendor(NotVerified())
    try:
        case = consent(account=account, by=by(account), now=clock.now())
        prove(case=case, facts=personal_facts(account), by=by(account), now=clock.now())
    finally:
        settings.PROOFING_VENDOR = usual
    return account


def by(account: Account) -> By:
    return By(actor=str(account.pk), source="192.0.2.1")


def adds(
    account: Account, document: Document = Document.PASSPORT, *, once=None, data: bytes = b"\x89PNG"
) -> object:
    return actions.add_evidence(
        account=account,
        document=document,
        content=Content(Kind.PNG, data),
        once=once or uuid4(),
        by=by(account),
        now=clock.now(),
    )


def collecting(account: Account | None = None) -> Manual:
    """Both documents are added."""
    account = account or unproven()
    manual = actions.open_manual(account=account, by=by(account), now=clock.now())
    adds(account, Document.PASSPORT)
    adds(account, Document.UTILITY_BILL)
    return manual


def waiting(account: Account | None = None) -> Manual:
    """Handed in."""
    manual = collecting(account)
    actions.hand_in(account=manual.account, by=by(manual.account), now=clock.now())
    manual.refresh_from_db()
    return manual


def proposes(manual: Manual, decider: Account, verdict: Verdict = Verdict.VERIFY, **how: object) -> Manual:
    given = {"checked": NEEDED_CHECKS, "why": WHY, "now": clock.now(), **how}
    return actions.propose(manual_id=manual.pk, decider=decider, verdict=verdict, by=by(decider), **given)


def settles(manual: Manual, decider: Account, *, confirms: bool = True, why: str = WHY) -> Manual:
    return actions.settle(
        manual_id=manual.pk, decider=decider, confirms=confirms, why=why, by=by(decider), now=clock.now()
    )


def decided(manual: Manual, verdict: Verdict = Verdict.VERIFY) -> Manual:
    """By two members of the security desk."""
    proposes(manual, build_desk.tier(3), verdict)
    settled = settles(manual, build_desk.tier(3))
    manual.refresh_from_db()
    return settled


def in_wizard(account: Account) -> build_pages.Browser:
    """The person's browser at the identity step."""
    browser = build_pages.browser(account)
    browser.send("/role-request/application/", {"application": "spot"})
    browser.send("/role-request/role/", {"role": "end-user"})
    return browser


def sends(browser: build_pages.Browser, document: Document, data: bytes | None = None, **more: object):
    """The browser adds a document."""
    file = sent(picture() if data is None else data, "photo.png", "image/png")
    form = {"document": document.value, "file": file, "once": str(uuid4()), **more}
    return browser.send(BY_HAND, form)


def checks() -> dict[str, str]:
    """The boxes that a decider ticks."""
    return {f"check_{each.value}": "on" for each in NEEDED_CHECKS}
