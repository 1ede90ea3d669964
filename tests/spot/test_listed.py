"""Whom a list names: who hears of it before it is approved, and whose remittance stays where it is (E-2, E-5, F-4, F-8)."""

import re

import pytest

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.program import clock
from bailiwick.spot.forms import actions
from bailiwick.spot.forms.checks import ask_for_those_who_wait
from bailiwick.spot.forms.era_words import takes
from bailiwick.spot.forms.models import Case
from bailiwick.spot.forms.queries import answers_of, objections_to
from bailiwick.spot.forms.waits import PayerWait
from bailiwick.spot.rules.deeds import Deed
from bailiwick.spot.rules.lists import pair_of
from bailiwick.spot.services.queries import provider_of, route_on
from tests.spot.build_desk import desk
from tests.spot.build_forms import ANSWERS, VISITOR, answered
from tests.spot.build_kinds import LISTED, MIGRATED, PELICAN, TIDEWATER, approve, pelican, signed, taken
from tests.spot.build_payers import embedded, on_file
from tests.spot.build_services import billing_service, days, office, routed, served, today
from tests.spot.build_signing import mails, text_of

pytestmark = pytest.mark.django_db
SAWGRASS = on_file(MIGRATED["name"]).contact_mailbox
OFFICE = {**ANSWERS, "has_list": "yes"}
THIRD_PARTY = {**TIDEWATER, "has_list": "yes"}
ASSIGNED = {**LISTED, "services": "837, ERA", "era": "assign"}
LINK = re.compile(r"/object/([\w-]{43})/")


def told(kind: str = "form-list-signed") -> list[str]:
    return [mail.to for mail in mails(kind=kind)]


def rounds() -> int:
    return ask_for_those_who_wait(by=VISITOR, now=clock.now())


def test_whom_a_third_partys_list_names_hears_of_it_and_can_object():
    """The contact on file with the payer, and approver and backup of who is enrolled themselves; once each. [F-8, E-5]"""
    own = office(approver={"name": "Olga Own", "email": "olga@sawgrass.example", "phone": "2025550131"})
    served(own, pair=pair_of(MIGRATED), is_own=True)
    unserved = {**MIGRATED, **{key: LISTED[key] for key in ("name", "ptan", "npi", "tin")}}
    case = signed("new-billing-service", THIRD_PARTY, rows=[MIGRATED, unserved], days_ago=0.1)
    assert told() == []
    assert rounds() == 1
    assert sorted(told()) == sorted({SAWGRASS, "olga@sawgrass.example", own.backup_email} - {""})
    mail = next(one for one in mails(kind="form-list-signed") if one.to == SAWGRASS)
    text = text_of(mail)
    assert "Tidewater Billing Partners" in mail.subject
    assert f"{MIGRATED['name']}, NPI {MIGRATED['npi']}, Part B: 837, ERA" in text
    # Whom the payer does not know it to serve is left out by the approval, and is no business of theirs.
    assert unserved["name"] not in text
    assert MIGRATED["tin"] not in text
    assert rounds() == 0
    assert len(told()) == len(set(told()))
    assert Entry.objects.filter(deed=Deed.FORM_LIST_TOLD).count() == 1
    actions.object_to(token=LINK.search(text)[1], reason="Not us.", by=VISITOR, now=clock.now())
    assert [one.to for one in objections_to(case)] == [SAWGRASS]


def test_they_hear_of_it_when_the_payer_answers_again(settings, tmp_path):
    """Away when it was signed: the round asks again, and tells of the list as it stands by then, or of none. [F-6, F-8]"""
    switch = tmp_path / "payer-is-down"
    settings.PAYER = embedded(down_while=switch)
    case = signed("new-billing-service", THIRD_PARTY, rows=[MIGRATED], days_ago=0.1)
    switch.touch()
    assert rounds() == 0
    switch.unlink()
    changed = answered(Case.objects.get(pk=case.pk), {"has_list": "no"})
    assert rounds() == 1
    assert (changed.state, told()) == ("draft", [])
    assert not PayerWait.objects.filter(ended_at=None).exists()


def test_who_loses_by_a_list_hears_of_it_at_the_signature():
    """As of a single change: named before it is signed, told until when they may object. [E-2, F-8]"""
    record, loser = pelican(), billing_service()
    served(loser, pair=pair_of(ASSIGNED))
    routed(provider_of(pair_of(ASSIGNED)), loser, on=today())
    numbers = {
        "request_type": "add",
        "submitter_id": record.submitter_id,
        "submitter_name": record.legal_name,
    }
    case = signed("new-provider-office", {**OFFICE, **numbers}, rows=[ASSIGNED], days_ago=0.1)
    (sentence,) = takes(case, answers_of(case), day=today())
    assert (
        f"goes to somebody else now: {loser.legal_name}. With this form it goes there no longer." in sentence
    )
    assert loser.approver_email in told("form-signed-warning")
    assert PELICAN["approver"]["email"] in told("form-signed-warning")
    assert "you can object until then" in text_of(mails(to=loser.approver_email)[-1])


@pytest.mark.parametrize("was", ["on paper", "kept"])
def test_a_third_party_takes_no_remittance_that_its_provider_decided_about(was):
    """Put on paper, or left as it was by whoever enrolled here: only the provider's own form moves it. [E-2, F-4]"""
    own, pair = office(), pair_of(MIGRATED)
    served(own, pair=pair, is_own=True)
    if was == "on paper":
        routed(provider_of(pair), own, on=today())
        routed(provider_of(pair), None, on=today(), seen=route_on(provider_of(pair), today()))
    one = desk()
    case = taken(one, "new-billing-service", THIRD_PARTY, rows=[MIGRATED])
    (sentence,) = takes(case, answers_of(case), day=today())
    assert "1 provider on the list stays where it is" in sentence
    approve(case, one)
    assert route_on(provider_of(pair), days(1)) is None
    letter = text_of(mails(to=THIRD_PARTY["contact_email"], kind="form-approved")[-1])
    assert "set up: 1. Remittance assigned: 0." in letter
    assert "because these providers are in SPOT already: 1." in letter


def test_the_providers_own_list_takes_it_from_paper_and_says_so_first():
    """The same official's newer word, line by line. [E-2, F-4]"""
    record, one, pair = pelican(), desk(), pair_of(ASSIGNED)
    served(record, pair=pair, is_own=True)
    routed(provider_of(pair), record, on=today())
    routed(provider_of(pair), None, on=today(), seen=route_on(provider_of(pair), today()))
    numbers = {
        "request_type": "add",
        "submitter_id": record.submitter_id,
        "submitter_name": record.legal_name,
    }
    case = taken(one, "new-provider-office", {**OFFICE, **numbers}, rows=[ASSIGNED])
    (sentence,) = takes(case, answers_of(case), day=today())
    assert "1 provider on the list was put on paper. With this form it is on paper no longer." in sentence
    approve(case, one)
    assert route_on(provider_of(pair), days(1)).receiver == record
