"""Deciding a case at SPOT's desk, as rules see it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bailiwick.ground.rulings import No, Yes
from bailiwick.spot.rules.deciding import (
    AT_THE_DESK,
    TEXT_LONGEST,
    ApprovalFacts,
    Caution,
    Desk,
    DeskCase,
    Named,
    Refusal,
    checked_text,
    is_named,
    may_act,
    may_approve,
    may_decide,
    may_give,
    may_look,
    may_take,
)
from bailiwick.spot.rules.forms import Authority, State
from bailiwick.spot.rules.limits import Limits
from bailiwick.spot.rules.signing import Text
from bailiwick.wire.claims import ACR_LIMITED, ACR_MFA, ACR_PHISHING_RESISTANT

TODD = Desk(
    key="todd",
    name="Todd Twomey",
    email="todd@desk.example",
    is_of_desk=True,
    acr=ACR_MFA,
    weakest=ACR_MFA,  # as in a development run; what a passkey opens: test_desk_factor
)
DINA = replace(TODD, key="dina", name="Dina Cole", email="dina@desk.example")
SUBMITTED = DeskCase(
    state=State.SUBMITTED,
    revision=3,
    named=(Named("Avery Quill", "avery@heronlake.example"), Named("", "")),
)
IN_REVIEW = replace(SUBMITTED, state=State.IN_REVIEW, assigned_key="todd", assigned_name="Todd Twomey")
FORM = "a" * 64
SIGNED = Text(revision=3, digest=FORM, form_version="1", agreement_version="2026-1")
SETTLED = ApprovalFacts(form=SIGNED, signed=SIGNED, authority=Authority.MATCHED)


def because(ruling: Yes | No) -> Refusal | None:
    return ruling.because if isinstance(ruling, No) else None


def approving(approval: ApprovalFacts = SETTLED, *, case: DeskCase = IN_REVIEW, reason: str = "", **seen):
    said = {"seen_revision": 3, "seen_signature_digest": FORM} | seen
    return because(may_approve(TODD, case, approval, reason=reason, **said))


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"is_of_desk": False}, Refusal.NOT_OF_THE_DESK),
        ({"is_of_desk": False, "acr": ACR_PHISHING_RESISTANT}, Refusal.NOT_OF_THE_DESK),
        ({"acr": ACR_LIMITED}, Refusal.STRONGER_FACTOR_NEEDED),
        ({"acr": "unheard of"}, Refusal.STRONGER_FACTOR_NEEDED),
        ({"acr": ACR_PHISHING_RESISTANT}, None),
        ({"is_confirmed": False}, None),
    ],
)
def test_only_the_desk_looks_signed_in_with_more_than_mail(change, refusal):
    """Cases are read by holders of the desk's role, with a second factor; also while IDM does not answer. [B-1, S-2, O-5]"""
    assert because(may_look(replace(TODD, **change))) == refusal


@pytest.mark.parametrize("rule", [may_take, may_decide])
@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"is_of_desk": False}, Refusal.NOT_OF_THE_DESK),
        ({"acr": ACR_LIMITED}, Refusal.STRONGER_FACTOR_NEEDED),
        ({"is_confirmed": False}, Refusal.IDM_UNANSWERED),
    ],
)
def test_nothing_is_done_by_strangers_or_while_idm_is_silent(rule, change, refusal):
    """Whoever may not look may not act, and without IDM's word nobody acts. [B-1, O-5]"""
    assert because(rule(replace(TODD, **change), IN_REVIEW)) == refusal


@given(state=st.sampled_from(State))
def test_a_case_is_taken_and_decided_only_at_the_desk(state):
    """Submitted and in review are the desk's; a decided case names who decided it. [F-7]"""
    assert {State.SUBMITTED, State.IN_REVIEW} == AT_THE_DESK
    case = replace(IN_REVIEW, state=state, decided_by="Dina Cole")
    taking, deciding = may_take(TODD, case), may_decide(TODD, case)
    if state in AT_THE_DESK:
        assert taking
        assert bool(deciding) is (state is State.IN_REVIEW)
    elif state in (State.APPROVED, State.DENIED):
        assert taking == deciding == No(Refusal.ALREADY_DECIDED, {"who": "Dina Cole", "state": state.value})
    else:
        assert taking == deciding == No(Refusal.NOT_AT_THE_DESK, {"state": state.value})


def test_a_case_in_a_colleagues_hands_is_taken_over_only_by_name():
    """Two people cannot decide one case: who takes it over says from whom. [B-1]"""
    assert because(may_take(DINA, IN_REVIEW)) is Refusal.TAKEN_BY_ANOTHER
    assert because(may_take(DINA, IN_REVIEW, instead_of="thea")) is Refusal.TAKEN_BY_ANOTHER
    assert may_take(DINA, IN_REVIEW, instead_of="todd")
    assert may_take(TODD, IN_REVIEW)


def test_only_who_took_a_case_decides_it():
    """Two people cannot decide one case. [B-1]"""
    assert because(may_decide(DINA, IN_REVIEW)) is Refusal.TAKEN_BY_ANOTHER
    assert because(may_decide(TODD, SUBMITTED)) is Refusal.NOT_TAKEN
    assert because(may_decide(TODD, replace(IN_REVIEW, assigned_key=""))) is Refusal.NOT_TAKEN
    assert may_decide(TODD, IN_REVIEW)


@pytest.mark.parametrize(
    "named",
    [
        Named("Somebody Else", "TODD@desk.example"),
        Named("Tödd  TWOMEY", "todd@heronlake.example"),
        Named("Todd Twomey", ""),
    ],
)
def test_nobody_decides_a_case_that_names_them(named):
    """Contact, approver, backup or official, by mailbox or by name, however it is spelled: a colleague decides. [Q-5, B-1]"""
    case = replace(IN_REVIEW, named=(*SUBMITTED.named, named))
    assert is_named(TODD, case.named)
    assert because(may_take(TODD, case)) is Refusal.OWN_CASE
    assert because(may_decide(TODD, case)) is Refusal.OWN_CASE
    assert because(
        may_approve(TODD, case, SETTLED, seen_revision=3, seen_signature_digest=FORM, reason="")
    ) is (Refusal.OWN_CASE)


def test_an_empty_name_names_nobody():
    """A person whose e-mail IDM does not tell is not every case's official."""
    assert not is_named(replace(TODD, email="", name=""), SUBMITTED.named)


@pytest.mark.parametrize("seen", [0, 2, 4])
def test_what_changed_since_it_was_seen_needs_a_new_look(seen):
    """A decision is on the revision that the decider saw. [F-11]"""
    assert because(may_decide(TODD, IN_REVIEW, seen_revision=seen)) is Refusal.CHANGED_SINCE_SEEN
    assert approving(seen_revision=seen) is Refusal.CHANGED_SINCE_SEEN


@pytest.mark.parametrize(
    "signed",
    [
        None,
        replace(SIGNED, revision=2),
        replace(SIGNED, digest="b" * 64),
        replace(SIGNED, form_version="2"),
        replace(SIGNED, agreement_version="2026-2"),
    ],
)
def test_approval_needs_a_signature_on_the_form_as_it_stands(signed):
    """None, or one on another revision, text, form or agreement: not approved, whatever else is well. [F-8, F-11]"""
    assert approving() is None
    assert approving(replace(SETTLED, signed=signed), reason="I know better") is Refusal.NOT_SIGNED


@pytest.mark.parametrize("authority", [None, *Authority])
def test_approval_needs_an_official_with_authority(authority):
    """In the payer file, or called back on a number on file. [F-8]"""
    is_settled = authority in (Authority.MATCHED, Authority.CALLED_BACK)
    found = approving(replace(SETTLED, authority=authority), reason="I know better")
    assert found is (None if is_settled else Refusal.CALLBACK_NEEDED)


def test_approval_needs_the_signed_document_confirmed():
    """One that was signed with a certificate, by somebody of the desk. [F-8]"""
    unseen = replace(SETTLED, is_document_confirmed=False)
    assert approving(unseen) is Refusal.DOCUMENT_UNCONFIRMED
    assert approving(replace(unseen, signed=None)) is Refusal.NOT_SIGNED


@pytest.mark.parametrize("seen", ["", "b" * 64])
def test_approval_is_of_the_signature_that_was_seen(seen):
    """Another signature than the decider saw needs a new look. [F-11]"""
    assert approving(seen_signature_digest=seen) is Refusal.CHANGED_SINCE_SEEN


def test_a_duplicate_stops_and_no_reason_passes_it():
    """The same group enrolled or in review is never approved twice. [F-6]"""
    assert approving(replace(SETTLED, stopping=("F-1",)), reason="I know better") is Refusal.DUPLICATE_STOPS


@pytest.mark.parametrize("caution", Caution)
@pytest.mark.parametrize(("reason", "refusal"), [("", True), ("  \n ", True), ("A second location.", False)])
def test_a_caution_is_passed_with_a_reason(reason, refusal, caution):
    """The same TIN and kind again may be right: the desk says why. [F-6, G-1]"""
    found = approving(replace(SETTLED, cautions=(caution,)), reason=reason)
    assert found is (Refusal.CAUTION_REASON_NEEDED if refusal else None)


def test_text_is_stripped_and_bounded():
    """Reasons and remarks are there where they are needed, and readable."""
    assert checked_text("  x ") == "x"
    assert checked_text("") == ""
    assert because(checked_text(" ", needed=Refusal.DENIAL_REASON_NEEDED)) is Refusal.DENIAL_REASON_NEEDED
    assert checked_text("x" * TEXT_LONGEST) == "x" * TEXT_LONGEST
    assert checked_text("x" * (TEXT_LONGEST + 1)) == No(Refusal.TEXT_TOO_LONG, {"longest": TEXT_LONGEST})


@given(minutes=st.integers(min_value=-600, max_value=600))
def test_an_act_is_fresh_for_five_minutes(minutes):
    """To the minute: five is fresh, six is not; nor one that lies ahead, of a clock that was set back since. [S-6]"""
    verified_at = datetime(2026, 3, 8, 6, 30, tzinfo=UTC)
    ruling = may_act(verified_at, now=verified_at + timedelta(minutes=minutes), limits=Limits())
    assert bool(ruling) is (0 <= minutes <= 5)


def test_idms_clock_may_be_a_little_ahead():
    """It says when the second step was taken; by half a minute the two may differ. [S-6]"""
    now, second = datetime(2026, 3, 8, 6, 30, tzinfo=UTC), timedelta(seconds=1)
    assert may_act(now + 30 * second, now=now, limits=Limits())
    assert not may_act(now + 31 * second, now=now, limits=Limits())


@pytest.mark.parametrize(
    ("assigned", "colleague", "answer"),
    [
        ("todd", "Dina Cole", Yes("desk")),
        ("todd", "rosa  LINDQVIST", No(Refusal.COLLEAGUE_IS_NAMED)),
        ("dina", "Dina Cole", No(Refusal.TAKEN_BY_ANOTHER, {"who": "Dina Cole"})),
        ("", "Dina Cole", No(Refusal.NOT_TAKEN)),
    ],
)
def test_who_has_taken_a_form_gives_it_on(assigned, colleague, answer):
    """Out of one's own hands, to nobody whom the form names; a name that is not there names nobody. [B-1, Q-5]"""
    case = DeskCase(
        state=State.IN_REVIEW,
        revision=1,
        assigned_key=assigned,
        assigned_name="Dina Cole",
        named=(Named("Rosa Lindqvist", "rosa@clinic.example"), Named("", "")),
    )
    assert may_give(TODD, case, colleague_name=colleague) == answer
