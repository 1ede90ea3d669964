"""A case from start to signature, and its ends: what is asked, told, kept and forgotten (F-1, F-6, F-7, F-8)."""

import hashlib
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.outbox.models import Message
from bailiwick.ground.program import clock
from bailiwick.ground.rulings import Refused
from bailiwick.spot.forms import actions, queries
from bailiwick.spot.forms.jobs import PERIODICS, expire_cases, forget_old
from bailiwick.spot.forms.models import AccessCode, Case, CaseSession, Invitation, Move
from bailiwick.spot.forms.tallies import Tally
from bailiwick.spot.rules.answers import Finding
from bailiwick.spot.rules.deeds import Deed
from bailiwick.spot.rules.forms import Doer, Refusal, State
from tests.spot.build_forms import (
    ANSWERS,
    CONTACT,
    KIND,
    VISITOR,
    answered,
    awaiting_case,
    draft_case,
    filled_case,
    later,
    mailed,
    opened,
    started_case,
)

pytestmark = pytest.mark.django_db

OFFICIAL = ANSWERS["official_email"]


def refusal(act, **arguments) -> Refused:
    with pytest.raises(Refused) as refused:
        act(by=VISITOR, **{"now": clock.now(), **arguments})
    return refused.value


def deeds(case: Case) -> list[str]:
    return [entry.deed for entry in Entry.objects.order_by("pk") if entry.about.get("case") == str(case.pk)]


def test_starting_a_form_mails_a_tracking_number_and_a_code():
    """Nobody needs an account to begin. [F-9]"""
    case = started_case()
    assert case.state == State.DRAFT
    assert case.contact_proven_at is None
    (mail,) = mailed(CONTACT)
    assert case.tracking in mail["text"]
    assert deeds(case) == [Deed.FORM_STARTED]


def test_the_same_page_sent_twice_starts_one_form():
    """One case, one mail. [F-9]"""
    once = uuid4()
    assert started_case(once=once) == started_case(once=once)
    assert len(mailed(CONTACT)) == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"kind": "unheard-of"}, Refusal.KIND_UNKNOWN),
        ({"email": "nowhere"}, Refusal.ANSWERS_MALFORMED),
        ({"email": ""}, Refusal.ANSWERS_MALFORMED),
        ({"contact_name": "Carla"}, Refusal.ANSWERS_MALFORMED),
    ],
)
def test_a_form_is_not_started_for_nobody(changes, code):
    """Unknown kind, no mailbox, no full name: nothing is written. [F-1, F-9]"""
    with pytest.raises(Refused) as refused:
        started_case(**changes)
    assert refused.value.code is code
    assert not Case.objects.exists()
    assert not Message.objects.exists()


def test_nobodys_mailbox_is_filled_with_forms():
    """Five forms an hour to one mailbox, whatever its letter case; then none is started. [F-9]"""
    now = clock.now()
    for _ in range(5):
        started_case(now=now)
    with pytest.raises(Refused) as refused:
        started_case(email=CONTACT.upper(), now=now)
    assert refused.value.code is Refusal.STARTED_TOO_OFTEN
    assert Case.objects.count() == 5
    assert started_case(now=now + timedelta(hours=1))


def test_one_address_does_not_start_forms_without_end():
    """Twenty an hour from one network address. [F-9]"""
    now = clock.now()
    for number in range(20):
        started_case(email=f"person{number}@x.example", now=now)
    with pytest.raises(Refused) as refused:
        started_case(email="one.more@x.example", now=now)
    assert refused.value.code is Refusal.STARTED_TOO_OFTEN


def test_a_new_draft_says_what_is_missing_in_the_order_of_the_form():
    """Each missing answer with its field, block and sentence. [F-9]"""
    case = draft_case()
    found = queries.missing(case)
    assert [problem.field for problem in found][:3] == [
        "state_or_territory",
        "line_of_business",
        "group_name",
    ]
    assert {problem.code for problem in found} == {Finding.MISSING}
    assert found[0].block == "location"
    assert "State or territory" in found[0].sentence
    assert "contact_name" not in {problem.field for problem in found}


def test_a_complete_form_has_no_problems():
    """Filled, checked, mailbox proven: nothing stands between it and the signature. [F-6]"""
    assert queries.problems(filled_case()) == []


@pytest.mark.parametrize(
    ("answers", "field", "code"),
    [
        ({"zip": "10001"}, "zip", Finding.ZIP_NOT_IN_STATE),
        ({"backup_email": ANSWERS["approver_email"]}, "backup_email", Finding.SAME_AS_ANOTHER),
        ({"backup_name": ""}, "backup_name", Finding.MISSING),
        ({"pc_ace": "yes"}, "pc_ace_license", Finding.MISSING),
        ({"claims_837": ""}, "claims_837", Finding.MISSING),
        ({"official_standing": ""}, "official_standing", Finding.MISSING),
        ({"tin": "900450102"}, "group_ptan", Finding.PAYER_NO_MATCH),
    ],
)
def test_an_incomplete_form_is_not_sent_to_the_official(answers, field, code):
    """What is missing or wrong is named at its field, and nobody is asked to sign. [F-2, F-6]"""
    case = filled_case(**answers)
    assert (field, code) in {(problem.field, problem.code) for problem in queries.problems(case)}
    refused = refusal(actions.ask_for_signature, case=case, expected_revision=case.revision)
    assert refused.code is Refusal.INCOMPLETE
    assert not mailed(OFFICIAL)
    assert not Invitation.objects.exists()


def test_without_a_backup_nothing_is_asked_about_one():
    """Recommended, optional. [F-2]"""
    case = filled_case(has_backup="no")
    assert queries.problems(case) == []
    assert "backup_name" not in queries.answers_of(case)


def test_pc_ace_is_asked_only_with_837():
    """PC-ACE needs 837; without it the answer does not count. [F-2]"""
    case = answered(draft_case(), {"claims_sender": "provider", "claims_837": "no", "pc_ace": "yes"})
    assert "pc_ace" not in queries.answers_of(case)


def test_asking_for_the_signature_invites_the_official_and_tells_the_contact():
    """A link to the official's mailbox, good for 14 days; the contact knows who has to act, and until when. [F-7, F-8]"""
    now = clock.now()
    case, token = awaiting_case(now=now)
    assert case.state == State.AWAITING_SIGNATURE
    invitation = queries.invitation_with(token)
    assert (invitation.case, invitation.revision, invitation.to) == (case, case.revision, OFFICIAL)
    assert invitation.expires_at == case.expires_at == now + timedelta(days=14)
    assert mailed(CONTACT, "form-awaiting-signature")
    where = queries.status(case, now)
    assert (where.state, where.waits_for, where.until) == (
        State.AWAITING_SIGNATURE,
        Doer.OFFICIAL,
        case.expires_at,
    )


def test_the_link_lies_nowhere_in_the_open():
    """Its token is kept as a digest; the mail waits sealed, and is wiped once delivered. [F-8, N-2]"""
    _, token = awaiting_case()
    rows = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            rows += [[bytes(v) if isinstance(v, memoryview) else v for v in row] for row in cursor.fetchall()]
    assert token not in repr(rows)
    assert Message.objects.get(kind="form-signature-invitation").is_secret


def test_answers_lie_nowhere_in_the_open():
    """TIN, phone and address are sealed with the case; ledger and outbox do not have them. [A-3, L-1]"""
    filled_case()
    rows = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            rows += [[bytes(v) if isinstance(v, memoryview) else v for v in row] for row in cursor.fetchall()]
    text = repr(rows)
    for code in ("tin", "contact_phone", "address_line_1", "approver_name", "official_email", "group_ptan"):
        assert ANSWERS[code] not in text, code


def test_nothing_personal_is_on_the_ledger():
    """Ids, codes and numbers only. [L-1]"""
    case, _ = awaiting_case()
    actions.withdraw(case=case, by=VISITOR, now=clock.now())
    entries = repr(list(Entry.objects.values_list("subject", "why", "outcome", "about", "organization")))
    for word in (
        *(ANSWERS[code] for code in ("contact_name", "contact_email", "official_name", "tin")),
        case.tracking,
    ):
        assert word not in entries


def test_the_digest_of_a_version_is_that_of_its_canonical_form():
    """What a signature binds can be computed again from the case. [F-8]"""
    case = filled_case()
    version = queries.version_of(case)
    assert hashlib.sha256(queries.canonical_of(case).encode()).hexdigest() == version.digest


def test_a_digest_does_not_give_a_tin_away():
    """Two forms of the same answers have different digests: a sealed salt goes in. [A-3, F-8]"""
    first, second = (filled_case(is_checked=False) for _ in range(2))
    assert queries.answers_of(first) == queries.answers_of(second)
    assert queries.version_of(first).digest != queries.version_of(second).digest


def test_an_invitation_sent_again_replaces_the_old_link():
    """A new token, another 14 days, the old link void. [F-8]"""
    case, token = awaiting_case()
    again = later(days=3)
    invitation = actions.resend_invitation(case=case, by=VISITOR, now=again)
    assert queries.invitation_with(token).state == "void"
    assert queries.live_invitation(case) == invitation
    case.refresh_from_db()
    assert case.expires_at == again + timedelta(days=14)
    assert len(mailed(OFFICIAL, "form-signature-invitation")) == 2


def test_an_invitation_is_sent_again_five_times_at_most():
    """And not twice within half a minute. [F-8]"""
    case, _ = awaiting_case()
    assert refusal(actions.resend_invitation, case=case).code is Refusal.CODE_TOO_SOON
    for number in range(1, 6):
        actions.resend_invitation(case=case, by=VISITOR, now=later(hours=number))
    refused = refusal(actions.resend_invitation, case=case, now=later(hours=6))
    assert (refused.code, refused.facts["times"]) == (Refusal.RESENDS_USED_UP, 5)


def test_a_form_can_be_withdrawn_while_it_is_undecided():
    """For good; the link is void, the contact is told, the unsigned answers are forgotten. [F-7]"""
    case, token = awaiting_case()
    actions.withdraw(case=case, by=VISITOR, now=clock.now())
    case.refresh_from_db()
    assert case.state == State.WITHDRAWN
    assert queries.invitation_with(token).state == "void"
    assert mailed(CONTACT, "form-withdrawn")
    assert queries.answers_of(case) == {}
    assert refusal(actions.withdraw, case=case).code is Refusal.NOT_NOW


def test_a_draft_is_kept_for_sixty_days_after_its_last_change():
    """Each save begins the 60 days anew. [F-7]"""
    case = draft_case()
    saved = later(days=59)
    case = answered(case, {"group_name": "Pelican Cove Dermatology"}, now=saved)
    assert case.state_at(saved + timedelta(days=60, microseconds=-1)) is State.DRAFT
    assert case.state_at(saved + timedelta(days=60)) is State.EXPIRED


@pytest.mark.parametrize("is_out", [False, True])
def test_what_ran_out_is_over_before_any_job_has_recorded_it(is_out):
    """The rule holds whenever it is asked; the job records and tells, once. [F-7, I-2]"""
    case = awaiting_case()[0] if is_out else filled_case()
    over = case.expires_at
    refused = refusal(
        actions.save_answers,
        case=case,
        block="provider",
        answers={"group_name": "Other"},
        expected_revision=case.revision,
        now=over,
    )
    assert refused.code is Refusal.CASE_EXPIRED
    assert queries.status(case, over).state is State.EXPIRED
    assert Case.objects.get(pk=case.pk).state != State.EXPIRED
    for _ in range(2):
        expire_cases(over)
    case.refresh_from_db()
    assert case.state == State.EXPIRED
    assert len(mailed(CONTACT, "form-expired")) == 1
    assert deeds(case).count(Deed.FORM_EXPIRED) == 1
    assert queries.live_invitation(case) is None


def test_an_unsigned_form_is_forgotten_when_it_expires():
    """That there was a form stays; what it said does not. [F-7]"""
    case = filled_case()
    expire_cases(case.expires_at)
    case.refresh_from_db()
    assert queries.answers_of(case) == {}
    assert (case.group_ptan_npi_digest, case.tin_digest) == (None, None)
    assert all(not version.answers_sealed for version in case.versions.all())


def test_a_form_that_has_not_run_out_does_not_expire():
    """A job that runs early ends nothing. [F-7]"""
    case = filled_case()
    expire_cases(case.expires_at - timedelta(microseconds=1))
    case.refresh_from_db()
    assert case.state == State.DRAFT


def test_every_move_is_on_the_ledger_and_in_the_history():
    """Asked, changed, asked again, withdrawn. [F-7, L-2]"""
    case, _ = awaiting_case()
    case = answered(case, {"group_name": "Pelican Cove Dermatology PA"})
    actions.ask_for_signature(case=case, expected_revision=case.revision, by=VISITOR, now=clock.now())
    actions.withdraw(case=case, by=VISITOR, now=clock.now())
    steps = [(move.from_state, move.to_state) for move in queries.history(case)]
    assert steps == [
        ("draft", "awaiting_signature"),
        ("awaiting_signature", "draft"),
        ("draft", "awaiting_signature"),
        ("awaiting_signature", "withdrawn"),
    ]
    assert deeds(case).count(Deed.FORM_ASKED) == 2
    assert deeds(case)[-1] == Deed.FORM_WITHDRAWN


def test_what_has_no_use_any_more_is_forgotten():
    """Codes, sessions and counters; never a case. [F-9]"""
    case = draft_case()
    forget_old(later(days=3))
    assert not AccessCode.objects.exists()
    assert not CaseSession.objects.exists()
    assert not Tally.objects.exists()
    assert Case.objects.get() == case


def test_the_rounds_of_this_room_have_names_and_times():
    """Registered once, by name. [I-2]"""
    assert len({periodic.name for periodic in PERIODICS}) == len(PERIODICS) == 3


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "approved"},
        {"state": "denied"},
        {"state": "lost"},
        {"revision": 0},
        {"holds_group": True},
        {"decided_at": clock.now()},
    ],
)
def test_the_database_refuses_a_case_that_cannot_be(wrong):
    """Decided by nobody, in no known state, holding a group as a draft: the last guard is the table's. [F-6, F-7]"""
    case = draft_case()
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(**wrong)


def test_two_live_invitations_or_one_revision_twice_cannot_be():
    """The last guard is the table's. [F-8]"""
    case, _ = awaiting_case()
    invitation = queries.live_invitation(case)
    invitation.pk, invitation.token_digest = None, b"x" * 32
    version = queries.version_of(case)
    version.pk = None
    for row in (invitation, version):
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save(force_insert=True)


def test_only_moves_from_state_to_state_are_in_the_history():
    """Saves are versions, not moves. [F-7]"""
    filled_case()
    assert not Move.objects.exists()


def test_kinds_can_be_read_before_anything_is_started():
    """Instructions, blocks and agreement of each kind. [F-1]"""
    kinds = {kind.code: kind for kind in queries.kinds()}
    assert set(kinds) == {KIND, "new-billing-service", "third-party-change", "update", "enrollment-change"}
    assert all(len(kind.instructions) >= 3 and kind.agreement.version for kind in kinds.values())
    assert queries.kind("unheard-of") is None


def test_a_case_found_by_its_tracking_number_however_typed():
    """Spaces and small letters are forgiven. [F-9]"""
    case, _ = opened(started_case())
    assert queries.case_tracked(case.tracking.lower().replace("-", " ")) == case
    assert queries.case_tracked("F-CCCC-CCCC-CCCC") is None
    assert queries.case_tracked("") is None
    assert queries.case_with(case.pk) == case
