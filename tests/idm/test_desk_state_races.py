"""Colleagues of the security desk at the same moment: one stops the account, the others are told (H-5, Q-5, AX15)."""

from collections import Counter
from uuid import uuid4

import pytest

from bailiwick.ground.program import clock
from bailiwick.ground.rulings import By
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.helpdesk import actions
from bailiwick.idm.helpdesk.models import Closing
from bailiwick.idm.rules.closing import Kind
from bailiwick.idm.rules.closing import Refusal as ClosingRefusal
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.desk import Presence, Refusal
from bailiwick.idm.rules.grants import SignInStrength
from bailiwick.idm.sessions.models import Session
from bailiwick.wire.claims import ACR_MFA
from tests.idm import build_accounts, build_desk, build_pages
from tests.idm.build_desk import REASON
from tests.idm.test_registry_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)

STRONG = SignInStrength(acr=ACR_MFA, is_limited=False, desk_level=ACR_MFA)


def test_of_five_colleagues_one_suspends_and_of_five_one_agrees():
    """One entry, one mail, one proposal, one agreement; no session is left. [H-5, Q-5, AX15]"""
    person = build_desk.caller()
    build_pages.browser(person)
    desks = [build_desk.tier(3) for _ in range(5)]

    def told(desk: Account) -> dict:
        presence = Presence(strength=STRONG, factor_at=clock.now())
        work = actions.Deskwork(desk=desk, person=person, presence=presence, once=uuid4())
        return {"work": work, "reason": REASON, "by": By(str(desk.pk)), "now": clock.now()}

    def suspends(desk):
        return lambda: actions.suspend(**told(desk))

    def proposes(desk):
        return lambda: actions.propose_closing(kind=Kind.ARCHIVE, **told(desk))

    def agrees(desk):
        closing = Closing.objects.get().pk
        return lambda: actions.settle_closing(closing_id=closing, agree=True, **told(desk)).state

    assert Counter(at_once([suspends(desk) for desk in desks])) == {None: 1, Refusal.PERSON_NOT_ACTIVE: 4}
    assert Counter(at_once([proposes(desk) for desk in desks])) == {None: 1, ClosingRefusal.CLOSING_WAITS: 4}
    assert Counter(at_once([agrees(desk) for desk in desks])) in (
        {"done": 1, ClosingRefusal.CLOSING_SETTLED: 4},
        {"done": 1, ClosingRefusal.CLOSING_SETTLED: 3, ClosingRefusal.SAME_PERSON: 1},
    )
    assert Account.objects.get(pk=person.pk).state == "archived"
    for deed in (Deed.ACCOUNT_SUSPENDED, Deed.CLOSING_PROPOSED, Deed.CLOSING_AGREED, Deed.ACCOUNT_ARCHIVED):
        assert len(build_desk.entries(person, deed)) == 1, deed
    assert len(build_accounts.mails_to(person.email, "account_suspended")) == 1
    assert not Session.objects.filter(account=person, ended_at__isnull=True).exists()
