"""A stranger enrolls a known practice with mailboxes of their own: each way by name, and what stops it or who must call.

The stranger knows all that is public: name, PTAN, NPI, address, even the TIN, and the names of the practice's officials.
What they do not have is a mailbox of the practice. The practice is Pelican Cove Dermatology; its official on file is
Nora Castellan, its contact on file office@pelicancove.example.
"""

import uuid

import pytest
from django.test import Client

from bailiwick.ground.program import clock
from bailiwick.ground.rulings import Refused
from bailiwick.spot.forms import actions, queries
from bailiwick.spot.forms.models import AccessCode, Case, Signature
from bailiwick.spot.payers.port import NoMatch
from bailiwick.spot.rules import forms as form_rules
from bailiwick.spot.rules.access import TRACKING_SIGNS
from bailiwick.spot.rules.deciding import Refusal as DeskRefusal
from bailiwick.spot.rules.forms import Authority, State
from bailiwick.spot.rules.signing import Refusal, may_approve
from bailiwick.spot.rules.submitterids import ALPHABET
from tests.spot.build_desk import approving, by_of, desk
from tests.spot.build_enrollment import enrolled
from tests.spot.build_forms import VISITOR, awaiting_case
from tests.spot.build_payers import on_file as provider_named
from tests.spot.build_signing import (
    code_for,
    code_in,
    mails,
    minutes,
    newest_token,
    refusal_of,
    sign_now,
    text_of,
)

pytestmark = pytest.mark.django_db

PELICAN = provider_named("Pelican Cove Dermatology")
NORA = "nora.castellan@pelicancove.example"
STRANGER = "stranger@elsewhere.example"


def the_desk_has_to_call(signature):
    """Somebody at the desk takes the form and wants to approve it, with whatever reason: not before the call."""
    assert signature.authority == Authority.CALLBACK_NEEDED
    assert not may_approve(Authority(signature.authority))
    todd, case = desk(), Case.objects.get(pk=signature.case_id)
    case = actions.take(case=case, desk=todd, by=by_of(todd), now=clock.now())
    assert refusal_of(approving, case, todd, reason="They are in a hurry.") == DeskRefusal.CALLBACK_NEEDED
    assert Case.objects.get(pk=case.pk).record is None


def the_contact_on_file_was_told(*mailboxes):
    """And can read which mailboxes the form names."""
    text = text_of(mails(to=PELICAN.contact_mailbox, kind="form-signed-warning")[-1])
    assert all(mailbox in text for mailbox in mailboxes)


def nothing_was_signed():
    assert Signature.objects.count() == 0


def save(case, block, **answers):
    case.refresh_from_db()
    held = queries.answers_of(case)
    kept = {field.code: held.get(field.code, "") for field in queries.kind_of(case).block(block).fields}
    return actions.save_answers(
        case=case,
        block=block,
        answers={**kept, **answers},
        expected_revision=case.revision,
        by=VISITOR,
        now=clock.now(),
    )


def ask(case, now=None):
    case.refresh_from_db()
    actions.ask_for_signature(
        case=case, expected_revision=case.revision, by=VISITOR, now=now or clock.now() + minutes(1)
    )
    return newest_token()


# --- A mailbox or a name of their own ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "mailbox"),
    [
        pytest.param("Nora Castellan", STRANGER, id="the official's right name, a mailbox of the stranger's"),
        pytest.param("Sam Stranger", STRANGER, id="the stranger as the official, by own name and mailbox"),
        pytest.param("Nora Castellan", "nora.castellan@pelican-cove.example", id="a domain that looks alike"),
        pytest.param(
            "Nora Castellan", "nora.castellan@pelicancove.example.elsewhere.example", id="a subdomain"
        ),
        pytest.param("Nora Castellan", "nora.castellan+x@pelicancove.example", id="a tag behind the name"),
        pytest.param("Nora Castellan", "ivo.marsh@pelicancove.example", id="another official's mailbox"),
        pytest.param("Nora Castellan", "office@pelicancove.example", id="the mailbox of the contact on file"),
        pytest.param("Ivo Marsh", NORA, id="the right mailbox, another official's name"),
        pytest.param("Sam Stranger", NORA, id="the right mailbox, the stranger's name"),
        pytest.param("Nоra Castellan", NORA, id="a Cyrillic letter in the name"),
        pytest.param("Νora Castellan", NORA, id="a Greek letter in the name"),
    ],
)
def test_an_official_who_is_not_on_file_by_name_and_mailbox_is_called_back(name, mailbox):
    """Whoever reads that mailbox may sign; the desk calls the phone on file, and the contact on file is told. [F-8]"""
    case, token = awaiting_case(official_name=name, official_email=mailbox)
    signature = sign_now(token, case)
    the_desk_has_to_call(signature)
    the_contact_on_file_was_told(mailbox, name)


@pytest.mark.parametrize(
    "mailbox",
    [
        "nоra.castellan@pelicancove.example",
        "nora.castellan@pelicancοve.example",
        "ｎora.castellan@pelicancove.example",
        "nora.castellan@pelicancove.example\u200b",
        f"{NORA}, {STRANGER}",
        f"{NORA};{STRANGER}",
        f"{NORA}\r\nBcc: {STRANGER}",
        f'"{NORA}" <{STRANGER}>',
        f"{NORA}%0ABcc:{STRANGER}",
    ],
)
def test_a_mailbox_of_strange_signs_gets_no_further_than_the_desks_call(mailbox):
    """Look-alike letters, two mailboxes in one, a header line: refused as an answer, or not the one on file. [F-8]"""
    try:
        case, token = awaiting_case(official_email=mailbox)
    except Refused:
        nothing_was_signed()
        return
    assert [mail.to for mail in mails(kind="form-signature-invitation")] == [
        queries.answers_of(case)["official_email"]
    ]
    the_desk_has_to_call(sign_now(token, case))


def test_the_right_official_and_an_approver_of_the_strangers(client):
    """The link goes to the real official, who reads the stranger's mailbox on the form before signing. [F-8]"""
    case, token = awaiting_case(approver_name="Sam Stranger", approver_email=STRANGER)
    assert [mail.to for mail in mails(kind="form-signature-invitation")] == [NORA]
    assert not mails(to=STRANGER, kind="form-signing-code")
    assert STRANGER in client.get(f"/sign/{token}/").content.decode()
    nothing_was_signed()
    sign_now(token, case)
    the_contact_on_file_was_told(STRANGER)


def test_approver_and_official_are_both_the_stranger():
    """They sign to themselves; the desk has to call, and the contact on file knows of it. [F-8]"""
    mine = {"official_email": STRANGER, "approver_name": "Sam Stranger", "approver_email": STRANGER}
    case, token = awaiting_case(**mine)
    the_desk_has_to_call(sign_now(token, case))
    the_contact_on_file_was_told(STRANGER)


def test_a_third_partys_person_as_the_official():
    """A mailbox known as a billing service's cannot sign a provider's form, however it is written. [F-8]"""
    enrolled(
        legal_name="Gulf Breeze Billing LLC",
        kind="billing_service",
        approver={"name": "Bea Novak", "email": "bea.novak@gulfbreeze.example", "phone": "2025550133"},
        backup={"name": "Nora Castellan", "email": NORA, "phone": "2025550134"},
    )
    for mailbox in ("Bea.Novak@GulfBreeze.example", NORA):
        _, token = awaiting_case(**{"official_email": mailbox, **other_group(mailbox)})
        assert refusal_of(code_for, token) == Refusal.THIRD_PARTY
    nothing_was_signed()


def other_group(mailbox):
    """So that both forms can wait side by side."""
    other = provider_named("Frangipani Family Health")
    numbers = {"group_ptan": other.ptan, "group_npi": other.npi, "tin": other.tin}
    return {} if mailbox == NORA else {**numbers, "group_name": other.legal_name}


def test_the_strangers_own_submitter_id_vouches_for_nobody():
    """Adding the practice to an enrollment of their own, signed by that enrollment's approver: still a call. [F-8, F-5]"""
    own = enrolled(
        legal_name="Stranger Clinic",
        tin="900450190",
        approver={"name": "Sam Stranger", "email": STRANGER, "phone": "2025550190"},
    )
    answers = {
        "request_type": "add",
        "submitter_id": own.submitter_id,
        "submitter_name": own.legal_name,
        "official_name": "Sam Stranger",
        "official_email": STRANGER,
    }
    case, token = awaiting_case(**answers)
    the_desk_has_to_call(sign_now(token, case))
    the_contact_on_file_was_told(STRANGER)


def test_the_people_of_the_practices_own_enrollment_do_vouch():
    """For a change, the enrollment record of the same TIN knows its people; the others of it are told. [F-8]"""
    own = enrolled(
        legal_name=PELICAN.legal_name,
        tin=PELICAN.tin,
        approver={"name": "Ada Reef", "email": "ada.reef@pelicancove.example", "phone": "2025550151"},
        backup={"name": "Bo Reef", "email": "bo.reef@pelicancove.example", "phone": "2025550152"},
    )
    answers = {
        "request_type": "add",
        "submitter_id": own.submitter_id,
        "submitter_name": own.legal_name,
        "official_name": "Ada Reef",
        "official_email": "ada.reef@pelicancove.example",
    }
    case, token = awaiting_case(**answers)
    assert sign_now(token, case).authority == Authority.MATCHED
    assert mails(to="bo.reef@pelicancove.example", kind="form-signed-warning")


# --- Somebody else's link, somebody else's code -----------------------------------------------------


def test_a_stolen_link_without_the_mailbox():
    """The code goes to the official; three guesses void it; the official sees codes they did not ask for. [F-8]"""
    case, token = awaiting_case()
    code = code_for(token)
    guesses = [number for number in ("000000", "111111", "222222", "333333") if number != code][:3]
    for guess in guesses:
        assert refusal_of(sign_now, token, case, code=guess) == Refusal.CODE_WRONG
    assert refusal_of(sign_now, token, case, code=code) == Refusal.CODE_WRONG
    assert {mail.to for mail in mails(kind="form-signing-code")} == {NORA}
    assert "You did not ask for a code?" in text_of(mails(kind="form-signing-code")[-1])
    nothing_was_signed()


def test_a_forwarded_link_signs_nothing_and_shows_no_tin(client):
    """Whoever has it can read the form, with four digits of the TIN, and send codes to the official. [F-8, M-1]"""
    case, token = awaiting_case()
    html = client.get(f"/sign/{token}/").content.decode()
    assert queries.answers_of(case)["tin"] not in html
    client.post(f"/sign/{token}/", {"send": "email", "to": STRANGER, "mailbox": STRANGER})
    assert {mail.to for mail in mails(kind="form-signing-code")} == {NORA}
    nothing_was_signed()


def test_guessing_links():
    """256 random bits; an address that was never a link is a page that says so, and counts nobody's tries. [F-8]"""
    awaiting_case()
    for token in ("A" * 43, "0" * 43, newest_token()[:-1], newest_token()[:-1] + "!", newest_token() + "A"):
        assert Client().get(f"/sign/{token}/").status_code == 404
        assert refusal_of(code_for, token) == Refusal.LINK_UNKNOWN


def test_replaying_a_code():
    """A code that signed is used up. [F-8]"""
    case, token = awaiting_case()
    now = clock.now()
    code = code_for(token, now=now)
    sign_now(token, case, code=code, now=now)
    save(case, "address", city="Elsewhere")
    token = ask(case)
    assert refusal_of(sign_now, token, case, code=code, now=now + minutes(2)) == Refusal.CODE_WRONG
    assert queries.live_signature(case) is None


def test_a_code_of_the_strangers_own_form_on_the_practices_form():
    """Codes are bound to the link that they were mailed for. [F-8]"""
    other = other_group(STRANGER)
    _mine, my_token = awaiting_case(**{"official_email": STRANGER, **other})
    theirs, their_token = awaiting_case()
    now = clock.now()
    my_code = code_for(my_token, now=now)
    their_code = code_for(their_token, now=now)
    if my_code != their_code:
        assert refusal_of(sign_now, their_token, theirs, code=my_code, now=now) == Refusal.CODE_WRONG
    nothing_was_signed()


def test_the_code_that_opens_the_form_does_not_sign_it():
    """The contact's code is for the contact's mailbox and for another purpose. [F-8, F-9]"""
    case, token = awaiting_case()
    now = clock.now() + minutes(5)
    actions.send_access_code(tracking=case.tracking, by=VISITOR, now=now)
    opening = [mail for mail in mails(to=case.contact_email) if mail.is_secret][-1]
    signing_code = code_for(token, now=now)
    if code_in(opening) != signing_code:
        assert refusal_of(sign_now, token, case, code=code_in(opening), now=now) == Refusal.CODE_WRONG
    nothing_was_signed()


def test_signing_twice():
    """A link signs once; whoever comes second reads that it is signed. [F-8]"""
    case, token = awaiting_case()
    sign_now(token, case)
    assert refusal_of(code_for, token) == Refusal.LINK_USED
    assert Signature.objects.count() == 1


# --- Changing what was shown or signed --------------------------------------------------------------


def test_changing_the_approver_after_the_official_signed():
    """The signature is void, the form is a draft again, and the official has to sign what it says now. [F-8]"""
    case, token = awaiting_case()
    signature = sign_now(token, case)
    save(case, "people", approver_name="Sam Stranger", approver_email=STRANGER)
    signature.refresh_from_db()
    case.refresh_from_db()
    assert (signature.state, case.state) == ("void", State.DRAFT)
    assert queries.live_signature(case) is None


def test_changing_the_approver_while_the_official_reads():
    """The link is void at once: what was shown cannot be signed any more, nor what was not shown. [F-8]"""
    case, token = awaiting_case()
    code = code_for(token)
    save(case, "people", approver_name="Sam Stranger", approver_email=STRANGER)
    assert refusal_of(sign_now, token, case, code=code) == Refusal.LINK_VOID
    nothing_was_signed()


def test_changing_and_changing_back():
    """The answers are as they were, the revision is not: the signature stays void. [F-8]"""
    case, token = awaiting_case()
    city = queries.answers_of(case)["city"]
    signature = sign_now(token, case)
    save(case, "address", city="Elsewhere")
    save(case, "address", city=city)
    signature.refresh_from_db()
    assert signature.state == "void"
    assert signature.digest != queries.version_of(Case.objects.get(pk=case.pk)).digest


def test_changing_the_officials_mailbox_after_the_invitation():
    """The old link is void; the new one goes to the new mailbox, which is not on file: a call. [F-8]"""
    case, old = awaiting_case()
    save(case, "official", official_email=STRANGER)
    new = ask(case)
    assert refusal_of(code_for, old) == Refusal.LINK_VOID
    the_desk_has_to_call(sign_now(new, case, now=clock.now() + minutes(2)))
    the_contact_on_file_was_told(STRANGER)


def test_having_the_invitation_sent_again():
    """It goes to the official on the form and nowhere else, five times at most. [F-8]"""
    case, _ = awaiting_case()
    now = clock.now()
    for number in range(1, 6):
        actions.resend_invitation(case=case, by=VISITOR, now=now + minutes(number))
    refusal = refusal_of(actions.resend_invitation, case=case, by=VISITOR, now=now + minutes(7))
    assert refusal == form_rules.Refusal.RESENDS_USED_UP
    assert {mail.to for mail in mails(kind="form-signature-invitation")} == {NORA}


# --- Somebody else's form ---------------------------------------------------------------------------


def test_guessing_tracking_numbers():
    """54 random bits, and nothing tells a right guess from a wrong one: the code goes to the contact's mailbox. [F-9]"""
    case, _ = awaiting_case()
    before = len(mails())
    actions.send_access_code(tracking="F-7777-7777-7777", by=VISITOR, now=clock.now() + minutes(5))
    assert len(mails()) == before
    wrong = form_rules.Refusal.CODE_WRONG
    for tracking in ("F-7777-7777-7777", case.tracking, "", "F-", "'; --"):
        refusal = refusal_of(
            actions.open_with_code, tracking=tracking, code="000000", by=VISITOR, now=clock.now()
        )
        assert refusal == wrong
    assert len(ALPHABET) ** TRACKING_SIGNS > 2**54


def test_two_forms_for_one_practice():
    """While one is with the desk, the other is not signed: one group, one form at a time. [F-6]"""
    mine, my_token = awaiting_case(official_email=STRANGER)
    theirs, their_token = awaiting_case()
    sign_now(their_token, theirs)
    refusal = refusal_of(sign_now, my_token, mine)
    assert refusal == form_rules.Refusal.GROUP_IN_REVIEW
    assert Signature.objects.count() == 1
    assert AccessCode.objects.filter(case=mine, purpose="signing").count() == 1


def test_a_practice_that_is_enrolled_already_is_told_of_a_second_enrollment():
    """Same TIN: its approver and backup are told, and tier 2 has to give a reason. [F-6, F-8]"""
    enrolled(
        legal_name=PELICAN.legal_name,
        tin=PELICAN.tin,
        approver={"name": "Ada Reef", "email": "ada.reef@pelicancove.example", "phone": "2025550151"},
    )
    case, token = awaiting_case(official_email=STRANGER)
    the_desk_has_to_call(sign_now(token, case))
    assert mails(to="ada.reef@pelicancove.example", kind="form-signed-warning")


def test_signing_while_the_payer_cannot_be_asked(settings):
    """No file, nobody to tell: nothing is signed until the payer answers. [F-8]"""
    case, token = awaiting_case()
    switch = settings.ENVIRONMENT.state_directory / "payer-is-down"
    switch.touch()
    try:
        assert refusal_of(sign_now, token, case) == Refusal.PAYER_UNAVAILABLE
    finally:
        switch.unlink()
    nothing_was_signed()


def test_wrong_numbers_of_a_known_practice():
    """PTAN, NPI and TIN that do not belong together know no official: a call, for which there is no number. [F-6, F-8]"""
    case, token = awaiting_case()
    the_desk_has_to_call(sign_now(token, case, on_file=NoMatch()))


def test_starting_with_the_practices_own_mailbox_as_contact():
    """The tracking number and the code go there, and not to the stranger. [F-9]"""
    case = actions.start_case(
        kind="new-provider-office",
        contact_name="Nora Castellan",
        contact_email=NORA,
        once=uuid.uuid4(),
        by=VISITOR,
        now=clock.now(),
    )
    assert {mail.to for mail in mails()} == {NORA}
    assert refusal_of(actions.ask_for_signature, case=case, expected_revision=1, by=VISITOR, now=clock.now())
