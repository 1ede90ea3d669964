"""The acts of IDM's desk: tiers, strength, freshness, caller check, and the numbers (H-2 to H-4, H-7)."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from bailiwick.ground.rulings import No
from bailiwick.idm.rules import desk
from bailiwick.idm.rules.accounts import ACCOUNT_STEPS, AccountEvent, AccountState
from bailiwick.idm.rules.desk import ACTS, Act, CheckEvent, CheckState, Member, Presence, Refusal
from bailiwick.idm.rules.grants import SignInStrength
from bailiwick.idm.rules.limits import Limits
from bailiwick.wire.claims import ACR_LIMITED, ACR_MFA, ACR_PHISHING_RESISTANT

NOW = datetime(2026, 3, 2, 17, tzinfo=UTC)
LIMITS = Limits()
MINUTE = timedelta(minutes=1)
STRONG = SignInStrength(acr=ACR_MFA, is_limited=False, desk_level=ACR_MFA)
FRESH = Presence(strength=STRONG, factor_at=NOW - MINUTE)

# H-2 in full: what each tier may, written out by hand.
TIER_1 = {
    Act.LOOK,
    Act.SEE_ACCOUNT,
    Act.REVEAL,
    Act.UNLOCK,
    Act.SEND_USER_ID,
    Act.CHECK_CALLER,
    Act.SEND_RESET_LINK,
    Act.CANCEL_REQUEST,
    Act.REMOVE_ROLES,
    Act.REPORT_SHARING,
}
TIER_3 = TIER_1 | {
    Act.RESET_FACTORS,
    Act.CHANGE_EMAIL,
    Act.AGREE_RESET,
    Act.SEE_PROOFING,
    Act.DECIDE_PROOFING,
    Act.SETTLE_SHARING,
    Act.SUSPEND,
    Act.UNSUSPEND,
    Act.ARCHIVE,
    Act.UNARCHIVE,
    Act.SETTLE_CLOSING,
}
MAY = {0: set(), 1: TIER_1, 2: {Act.LOOK, Act.REMOVE_ROLES, Act.REPORT_SHARING}, 3: TIER_3}
STATE_OF = {
    Act.UNSUSPEND: AccountState.SUSPENDED,
    Act.UNARCHIVE: AccountState.ARCHIVED,
}


def member(*tiers: int, **changes: object) -> Member:
    usual = {"presence": FRESH, "has_checked_caller": True}
    return Member(tiers=frozenset(tiers), **(usual | changes))


def because(act: Act, of: Member) -> Refusal | None:
    ruling = desk.may_act(act, of, now=NOW, limits=LIMITS)
    return ruling.because if isinstance(ruling, No) else None


@pytest.mark.parametrize(("tier", "act"), list(product(MAY, Act)))
def test_each_tier_may_what_the_rule_says_and_nothing_else(tier, act):
    """Acts by tier. [H-2]"""
    expected = None if act in MAY[tier] else Refusal.NOT_AT_DESK
    state = STATE_OF.get(act, AccountState.ACTIVE)
    assert because(act, member(*([tier] if tier else []), person_state=state)) == expected


def test_an_act_on_the_state_fits_a_step_of_the_account_and_nothing_else():
    """What the desk is offered is what the account's table allows. [A-6, H-2]"""
    step = {
        Act.SUSPEND: AccountEvent.SUSPEND,
        Act.UNSUSPEND: AccountEvent.UNSUSPEND,
        Act.ARCHIVE: AccountEvent.ARCHIVE,
        Act.UNARCHIVE: AccountEvent.REOPEN,
    }
    for act, state in product(step, AccountState):
        allowed = step[act] in ACCOUNT_STEPS[state]
        assert (because(act, member(3, person_state=state)) is None) == allowed


@pytest.mark.parametrize(("tier", "act"), list(product((1, 2, 3), Act)))
def test_nobody_acts_on_themselves(tier, act):
    """Not with any tier. [Q-5, H-2]"""
    expected = Refusal.OWN_ACCOUNT if act in MAY[tier] else Refusal.NOT_AT_DESK
    assert because(act, member(tier, is_the_person=True)) == expected


@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize(
    "strength",
    [
        SignInStrength(acr=ACR_LIMITED, is_limited=False),
        SignInStrength(acr=ACR_LIMITED, is_limited=True),
        SignInStrength(acr=ACR_MFA, is_limited=True),
        SignInStrength(acr="", is_limited=False),
    ],
)
def test_a_weak_or_limited_session_acts_on_nobody(act, strength):
    """A desk needs more than a code by e-mail. [S-2]"""
    weak = member(3, presence=Presence(strength=strength, factor_at=NOW))
    assert because(act, weak) is Refusal.STRONGER_FACTOR_NEEDED


@pytest.mark.parametrize("act", Act)
def test_an_act_wants_a_factor_of_the_last_five_minutes(act):
    """Every act but looking. [S-6]"""
    old = member(3, presence=Presence(strength=STRONG, factor_at=NOW - LIMITS.step_up_desk))
    assert because(act, old) == (Refusal.NOT_FRESH if ACTS[act].step_up else None)
    never = member(3, presence=Presence(strength=STRONG, factor_at=None))
    assert because(act, never) == (Refusal.NOT_FRESH if ACTS[act].step_up else None)
    assert {act for act in Act if not ACTS[act].step_up} == {Act.LOOK, Act.SEE_ACCOUNT}


def test_what_could_hand_over_an_account_waits_for_a_caller_check():
    """The reset link, the factor reset and the e-mail change. [H-4, P-9]"""
    unchecked = member(1, has_checked_caller=False)
    unchecked_3 = member(3, has_checked_caller=False)
    waiting = {act for act in Act if because(act, unchecked_3) is Refusal.CALLER_NOT_CHECKED}
    assert waiting == {Act.SEND_RESET_LINK, Act.RESET_FACTORS, Act.CHANGE_EMAIL}
    assert because(Act.SEND_RESET_LINK, unchecked) is Refusal.CALLER_NOT_CHECKED
    assert not any(desk.is_offered(act, unchecked_3) for act in waiting)


def test_nothing_is_unlocked_or_mailed_for_an_account_that_is_not_active():
    """Nothing of tier 1 works around a staff suspension. [S-9, H-2]"""
    suspended = member(1, person_state=AccountState.SUSPENDED)
    stopped = {act for act in Act if because(act, suspended) is Refusal.PERSON_NOT_ACTIVE}
    assert stopped == {Act.UNLOCK, Act.SEND_USER_ID, Act.CHECK_CALLER, Act.SEND_RESET_LINK}
    assert not any(desk.is_offered(act, suspended) for act in stopped)


@pytest.mark.parametrize("tier", MAY)
def test_a_page_offers_what_the_action_then_allows(tier):
    """What is shown can be done, what cannot be done is not shown. [H-2]"""
    for checked, state in product((True, False), AccountState):
        one = member(*([tier] if tier else []), has_checked_caller=checked, person_state=state)
        for act in Act:
            assert desk.is_offered(act, one) == (because(act, one) is None)


def test_every_act_but_sending_and_checking_a_code_has_a_reason():
    """Every look and act has a reason; the code has the act that it is for. [H-3]"""
    quiet = {act for act in Act if not ACTS[act].reason}
    # Deciding by documents has fields of its own for what was checked and why (V-5).
    assert quiet == {Act.SEE_ACCOUNT, Act.CHECK_CALLER, Act.SEE_PROOFING, Act.DECIDE_PROOFING}


def test_three_wrong_codes_within_an_hour_stop_the_checks_of_that_person():
    """Whoever typed them. [H-4]"""
    two = [NOW - 50 * MINUTE, NOW - 10 * MINUTE]
    assert desk.may_check_caller(two, now=NOW, limits=LIMITS)
    three = [*two, NOW]
    stopped = desk.may_check_caller(three, now=NOW, limits=LIMITS)
    assert stopped.because is Refusal.CALLER_CHECKS_TOO_MANY
    assert stopped.facts["until"] == NOW + 10 * MINUTE
    assert desk.may_check_caller(three, now=stopped.facts["until"], limits=LIMITS)


def test_a_passed_check_holds_for_ten_minutes():
    """Then the caller is checked again. [H-4]"""
    assert desk.still_holds(NOW, now=NOW + 9 * MINUTE, limits=LIMITS)
    assert not desk.still_holds(NOW, now=NOW + 10 * MINUTE, limits=LIMITS)
    assert not desk.still_holds(NOW, now=NOW - MINUTE, limits=LIMITS)
    assert not desk.still_holds(None, now=NOW, limits=LIMITS)


def test_twenty_reveals_an_hour_and_five_mails():
    """The twenty-first is refused. [H-3]"""
    assert desk.may_reveal_more(19, LIMITS)
    assert desk.may_reveal_more(20, LIMITS).because is Refusal.REVEALS_TOO_MANY
    assert desk.may_mail_more(4, LIMITS)
    assert desk.may_mail_more(5, LIMITS).because is Refusal.MAILS_TOO_MANY


def test_a_caller_check_ends_passed_or_void():
    """Neither passes twice. [H-4]"""
    assert set(desk.CHECK_STEPS) == set(CheckState)
    assert set(desk.CHECK_STEPS[CheckState.LIVE]) == set(CheckEvent)
    assert not desk.CHECK_STEPS[CheckState.PASSED]
    assert not desk.CHECK_STEPS[CheckState.VOID]


def test_a_passkey_is_strong_enough_too():
    """Stronger is never refused. [S-2]"""
    strength = SignInStrength(acr=ACR_PHISHING_RESISTANT, is_limited=False)
    assert because(Act.UNLOCK, member(1, presence=Presence(strength=strength, factor_at=NOW))) is None
