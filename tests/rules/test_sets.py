"""Sets of refusals and states that rules hand to others: an entry that slips in or out is seen. (L-2, A-5, A-7, V-5, S-4)"""

import pytest

from bailiwick.idm.rules import (
    desk,
    duplicates,
    exports,
    factors,
    grants,
    invitations,
    manual,
    modifying,
    requests,
)

AUTHORITY = {
    desk: {
        "desk_not_a_member",
        "desk_own_account",
        "desk_needs_stronger_factor",
        "desk_needs_fresh_factor",
    },
    duplicates: {
        duplicates.Refusal.NOT_SECURITY_DESK,
        duplicates.Refusal.OWN_CASE,
        duplicates.Refusal.STRONGER_FACTOR_NEEDED,
        duplicates.Refusal.NOT_FRESH,
        duplicates.Refusal.SAME_DECIDER,
    },
    exports: {exports.Refusal.NOT_TO_EXPORT},
    grants: {
        grants.Refusal.NOT_A_REMOVER,
        grants.Refusal.STRONGER_FACTOR_NEEDED,
        grants.Refusal.NOT_TO_POSTPONE,
    },
    invitations: {invitations.Refusal.NOT_AN_INVITER, invitations.Refusal.STRONGER_FACTOR_NEEDED},
    modifying: {modifying.Refusal.NOT_THE_HOLDER},
    requests: {
        requests.Refusal.NOT_A_DECIDER,
        requests.Refusal.OWN_REQUEST,
        requests.Refusal.STRONGER_FACTOR_NEEDED,
        requests.Refusal.NOT_YOURS,
    },
}


@pytest.mark.parametrize("module", AUTHORITY, ids=lambda module: module.__name__.rpartition(".")[2])
def test_reaching_for_what_is_not_theirs_goes_on_the_ledger(module):
    """These refusals and no others. [L-2]"""
    assert set(module.AUTHORITY) == AUTHORITY[module]


def test_only_who_is_no_member_finds_no_page_at_the_desk():
    """For the others there is a page that says what is missing. [H-1]"""
    assert {desk.Refusal.NOT_AT_DESK} == desk.NOT_THEIRS


def test_a_case_waits_until_it_is_decided():
    """Open, or with a merge proposed. [A-5]"""
    assert {duplicates.CaseState.OPEN, duplicates.CaseState.PROPOSED} == duplicates.WAITING


def test_the_approving_roles_are_two():
    """Approver and backup. [Q-4]"""
    assert {grants.Standing.APPROVER, grants.Standing.BACKUP} == grants.APPROVING


def test_what_shows_a_face_and_what_shows_an_address():
    """Both are needed to be verified by hand, and four things have to be checked. [V-5]"""
    faces = {"passport", "drivers_license", "state_id", "military_id", "resident_card"}
    assert {each.value for each in manual.PICTURE_IDS} == faces
    places = {"utility_bill", "bank_statement", "lease", "tax_form"}
    assert {each.value for each in manual.ADDRESS_PROOFS} == places
    needed = {manual.Check.GENUINE, manual.Check.NAME, manual.Check.BIRTH_DATE, manual.Check.ADDRESS}
    assert needed == manual.NEEDED_CHECKS
    waiting = {manual.State.WAITING, manual.State.VERIFY_PROPOSED, manual.State.REFUSE_PROPOSED}
    assert waiting == manual.AT_THE_DESK


def test_what_a_correction_shows_in_place_of_a_value():
    """The new number and the new birth date. [A-7]"""
    assert desk.PROPOSED == {"ssn": desk.Masked.NEW_SSN, "birth_date": desk.Masked.NEW_BIRTH_DATE}


def test_codes_are_sent_by_mail_text_and_call():
    """Nothing else is; a recovery code has 16 signs, 80 random bits. [S-3, S-4]"""
    assert {"email", "sms", "voice"} == {kind.value for kind in factors.SENT}
    assert 2 ** (5 * factors.RECOVERY_LENGTH) == 2**80 == len(factors.RECOVERY_ALPHABET) ** 16
    assert factors.NAME_LONGEST == 40
