"""The life of a case, what a form asks, which answers have the right shape, how a case is reached (F-2, F-5 to F-9)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bailiwick.ground.rulings import No
from bailiwick.spot.rules.access import (
    TRACKING_SIGNS,
    CodeFacts,
    CodeState,
    is_session_over,
    may_send_code,
    may_still_match,
    tracking_number,
    tracking_typed,
)
from bailiwick.spot.rules.answers import SHAPES, Finding, clashes, is_npi, normalized, untimely
from bailiwick.spot.rules.filechecks import COUNTS_AS_A_TRY, Matter, Outcome, counted_from, may_ask
from bailiwick.spot.rules.forms import (
    DECIDED,
    DOERS,
    FINAL,
    HOLDS_ITS_GROUP,
    STEPS,
    WAITS_FOR,
    CaseFacts,
    Event,
    Refusal,
    State,
    expiry,
    may,
    state_at,
)
from bailiwick.spot.rules.limits import Limits
from bailiwick.spot.rules.schema import (
    Agreement,
    Block,
    Choice,
    Field,
    FieldType,
    FormKind,
    canonical,
    digest,
    settled,
    shown,
    unanswered,
)
from bailiwick.spot.rules.states import STATES, ZIPS, is_zip_of
from bailiwick.spot.rules.submitterids import ALPHABET, submitter_id

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
LIMITS = Limits()
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


def case(state: State, expires_at: datetime | None = None) -> CaseFacts:
    return CaseFacts(state, expires_at)


@pytest.mark.parametrize(("state", "event"), list(product(State, Event)))
def test_every_act_in_every_state_is_a_step_or_refused(state, event):
    """The table says all: what it does not name is refused, with a code that says why. [F-7]"""
    ruling = may(case(state), event, NOW)
    if event in STEPS[state] and event is not Event.EXPIRE:
        assert ruling
    else:
        assert ruling.because in {Refusal.NOT_NOW, Refusal.CASE_DECIDED, Refusal.CASE_EXPIRED}


def test_every_state_has_a_row_and_somebody_or_nobody_to_wait_for():
    """No state is forgotten, in the table or on the tracking page. [F-7, F-9]"""
    assert set(STEPS) == set(State) == set(WAITS_FOR)
    assert set(DOERS) == set(Event)
    assert {state for state, doer in WAITS_FOR.items() if doer is None} == FINAL


def test_every_state_can_be_reached_from_a_draft():
    """Nothing in the table is dead. [F-7]"""
    reached, waiting = {State.DRAFT}, [State.DRAFT]
    while waiting:
        for target in STEPS[waiting.pop()].values():
            if target not in reached:
                reached.add(target)
                waiting.append(target)
    assert reached == set(State)


def test_every_open_state_leads_to_an_end():
    """No case can be caught between states. [F-7]"""
    for state in set(State) - FINAL:
        assert FINAL & set(STEPS[state].values()), state


def test_only_a_signature_leads_to_the_desk_and_only_the_desk_decides():
    """There is no way around the official, and none around the review. [F-7, F-8]"""
    to = {
        target: {
            (state, event) for state, steps in STEPS.items() for event, t in steps.items() if t is target
        }
        for target in State
    }
    assert to[State.SUBMITTED] == {(State.AWAITING_SIGNATURE, Event.SIGN)}
    assert {state for state, _ in to[State.IN_REVIEW]} == {State.SUBMITTED, State.IN_REVIEW}
    for decided in DECIDED:
        assert {state for state, _ in to[decided]} == {State.IN_REVIEW}


def test_an_end_stays_an_end():
    """Approved, denied, withdrawn, expired: nothing moves them any more. [F-7]"""
    assert {State.APPROVED, State.DENIED, State.WITHDRAWN, State.EXPIRED} == FINAL


def test_a_change_to_a_form_in_somebodys_hands_makes_it_a_draft():
    """Changed while out to be signed, or before the desk has it, it is a draft; in review it is not changed. [F-7, F-8]"""
    assert STEPS[State.AWAITING_SIGNATURE][Event.SAVE] is State.DRAFT
    assert STEPS[State.SUBMITTED][Event.SAVE] is State.DRAFT
    assert STEPS[State.RETURNED][Event.SAVE] is State.RETURNED
    assert Event.SAVE not in STEPS[State.IN_REVIEW]


@pytest.mark.parametrize("state", [State.DRAFT, State.AWAITING_SIGNATURE, State.RETURNED])
def test_time_ends_what_may_expire_to_the_second(state):
    """Over from the instant on, recorded or not; a second before it is not. [F-7, I-2]"""
    facts = case(state, NOW)
    assert state_at(facts, NOW - timedelta(microseconds=1)) is state
    assert state_at(facts, NOW) is State.EXPIRED
    assert not may(facts, Event.EXPIRE, NOW - timedelta(microseconds=1))
    assert may(facts, Event.EXPIRE, NOW)
    assert may(facts, Event.SAVE, NOW).because is Refusal.CASE_EXPIRED


@pytest.mark.parametrize(
    "state", sorted(set(State) - {State.DRAFT, State.AWAITING_SIGNATURE, State.RETURNED})
)
def test_time_ends_nothing_that_the_desk_has_or_that_is_over(state):
    """The desk's slowness costs nobody their form. [F-7]"""
    assert state_at(case(state, NOW - DAY), NOW) is state
    assert expiry(state, now=NOW, invitation_expires=NOW + DAY, limits=LIMITS) is None


def test_what_has_expired_expires_once():
    """The job's second round finds nothing to do. [F-7]"""
    assert not may(case(State.EXPIRED, NOW - DAY), Event.EXPIRE, NOW)


def test_drafts_are_kept_sixty_days_and_signatures_as_long_as_their_invitation():
    """60 days after the last change; 14 days for the official. [F-7]"""
    assert LIMITS.draft_kept == 60 * DAY
    assert LIMITS.invitation_lasts == 14 * DAY
    assert expiry(State.DRAFT, now=NOW, invitation_expires=None, limits=LIMITS) == NOW + 60 * DAY
    assert expiry(State.RETURNED, now=NOW, invitation_expires=None, limits=LIMITS) == NOW + 60 * DAY
    assert expiry(State.AWAITING_SIGNATURE, now=NOW, invitation_expires=NOW + DAY, limits=LIMITS) == NOW + DAY


def test_what_holds_its_group_is_with_the_desk_or_approved():
    """A draft that nobody signed blocks nobody. [F-6]"""
    assert {State.SUBMITTED, State.IN_REVIEW, State.APPROVED} == HOLDS_ITS_GROUP


# --- what a form asks


def field(code: str, type_: FieldType = FieldType.TEXT, **changes) -> Field:
    return Field(code=code, label=code.title(), type=type_, **changes)


YES_NO = {"wants": ("yes",)}
ASKS = FormKind(
    code="sample",
    version=1,
    name="Sample",
    organization_kind="provider_office",
    summary="A sample.",
    instructions=("Read this.",),
    agreement=Agreement("1", "I agree."),
    blocks=(
        Block(
            "first", "First", (field("name"), field("wants", FieldType.YES_NO), field("note", required=False))
        ),
        Block(
            "second",
            "Second",
            (field("which", shown_when=YES_NO), field("why", shown_when={"which": ("x",)})),
        ),
    ),
)
codes = st.sampled_from([one.code for one in ASKS.fields])
answer_sets = st.dictionaries(codes, st.sampled_from(["", "yes", "no", "x", "y"]))


def test_a_field_is_asked_when_its_condition_holds():
    """PC-ACE is asked with 837, its license with PC-ACE. [F-2]"""
    assert [one.code for one in shown(ASKS, {"wants": "no", "which": "x"})] == ["name", "wants", "note"]
    assert [one.code for one in shown(ASKS, {"wants": "yes", "which": "x"})] == [
        "name",
        "wants",
        "note",
        "which",
        "why",
    ]


def test_an_answer_that_is_not_asked_for_opens_nothing_further():
    """A leftover answer to a hidden field shows no third one. [F-2]"""
    assert "why" not in {one.code for one in shown(ASKS, {"wants": "no", "which": "x"})}


@given(answer_sets)
def test_settled_answers_are_settled(answers):
    """What counts is what was asked and answered; settling again changes nothing. [F-2]"""
    once = settled(ASKS, answers)
    assert settled(ASKS, once) == once
    assert all(once.values())
    assert set(once) <= {one.code for one in shown(ASKS, once)}


@given(answer_sets)
def test_nothing_required_is_unanswered_in_a_complete_form(answers):
    """Missing is required, asked and empty; nothing else. [F-9]"""
    lacking = {one.code for one in unanswered(ASKS, answers)}
    expected = {one.code for one in shown(ASKS, answers) if one.required and not answers.get(one.code)}
    assert lacking == expected
    assert "note" not in lacking


FORM = {
    "kind": "sample",
    "kind_version": 1,
    "agreement_version": "1",
    "tracking": "F-7K3M-92QX-4TZP",
    "revision": 3,
    "salt": "00",
    "answers": {"name": "Zoë", "wants": "no"},
}


def test_the_canonical_form_does_not_depend_on_the_order_of_answers():
    """The same form is the same text, byte for byte. [F-8]"""
    turned = FORM | {"answers": {"wants": "no", "name": "Zoë"}}
    assert canonical(**FORM) == canonical(**turned)
    assert digest(canonical(**FORM)) == digest(canonical(**turned))
    assert len(digest(canonical(**FORM))) == 64


@pytest.mark.parametrize(
    "changes",
    [
        {"answers": {"name": "Zoe", "wants": "no"}},
        {"answers": {"name": "Zoë", "wants": "no", "note": "x"}},
        {"revision": 4},
        {"kind_version": 2},
        {"agreement_version": "2"},
        {"kind": "other"},
        {"tracking": "F-7K3M-92QX-4TZQ"},
        {"salt": "01"},
    ],
)
def test_any_change_is_another_form(changes):
    """Answer, revision, form or agreement: whatever changes, the digest changes. [F-8]"""
    assert digest(canonical(**FORM)) != digest(canonical(**(FORM | changes)))


# --- shapes of answers


def read(type_: FieldType, typed: str, **changes) -> str | Finding:
    answer = normalized(field("x", type_, **changes), typed)
    return answer.because if isinstance(answer, No) else answer


def test_every_type_of_field_has_a_shape():
    """No answer goes by unlooked at. [F-6]"""
    assert set(SHAPES) == set(FieldType)


@pytest.mark.parametrize(
    ("type_", "typed", "kept"),
    [
        (FieldType.TEXT, "  Pelican   Cove ", "Pelican Cove"),
        (FieldType.TEXT, "", ""),
        (FieldType.TEXT, "a\x00b", Finding.UNREADABLE),
        (FieldType.TEXT, "a\u202eb", Finding.UNREADABLE),
        (FieldType.TEXT, "x" * 201, Finding.TOO_LONG),
        (FieldType.NPI, "1234567893", "1234567893"),
        (FieldType.NPI, " 1234-567-893 ", "1234567893"),
        (FieldType.NPI, "1234567890", Finding.NPI_CHECK_DIGIT),
        (FieldType.NPI, "3234567893", Finding.NPI_SHAPE),
        (FieldType.NPI, "123456789", Finding.NPI_SHAPE),
        (FieldType.NPI, "١٢٣٤٥٦٧٨٩٣", Finding.NPI_SHAPE),
        (FieldType.PTAN, "pc-2041", "PC2041"),
        (FieldType.PTAN, "104217", "104217"),
        (FieldType.PTAN, "ABCDE", Finding.PTAN_SHAPE),
        (FieldType.PTAN, "12", Finding.PTAN_SHAPE),
        (FieldType.PTAN, "12345678901", Finding.PTAN_SHAPE),
        (FieldType.TIN, "90-0450101", "900450101"),
        (FieldType.TIN, "900 45 0101", "900450101"),
        (FieldType.TIN, "90045010", Finding.TIN_SHAPE),
        (FieldType.TIN, "999999999", Finding.TIN_SHAPE),
        (FieldType.PHONE, "(202) 555-0171", "2025550171"),
        (FieldType.PHONE, "+1 202 555 0171", "2025550171"),
        (FieldType.PHONE, "1025550171", Finding.PHONE_SHAPE),
        (FieldType.PHONE, "555 0171", Finding.PHONE_SHAPE),
        (FieldType.EXTENSION, "42", "42"),
        (FieldType.EXTENSION, "x42", Finding.EXTENSION_SHAPE),
        (FieldType.ZIP, "34231-1234", "342311234"),
        (FieldType.ZIP, "3423", Finding.ZIP_SHAPE),
        (FieldType.EMAIL, "Nora.Castellan@pelicancove.example", "Nora.Castellan@pelicancove.example"),
        (FieldType.EMAIL, "nora@localhost", Finding.EMAIL_SHAPE),
        (FieldType.EMAIL, "nora..c@pelican.example", Finding.EMAIL_SHAPE),
        (FieldType.EMAIL, "nora@pelican.example, eve@evil.example", Finding.EMAIL_SHAPE),
        (FieldType.EMAIL, "nora@pelican.example\nBcc: eve@evil.example", Finding.UNREADABLE),
        (FieldType.STATE, "FL", "FL"),
        (FieldType.STATE, "Florida", Finding.NOT_A_CHOICE),
        (FieldType.YES_NO, "yes", "yes"),
        (FieldType.YES_NO, "maybe", Finding.NOT_A_CHOICE),
        (FieldType.TICK, "yes", "yes"),
        (FieldType.TICK, "no", Finding.NOT_A_CHOICE),
        (
            FieldType.SUBMITTER_ID,
            submitter_id([1, 2, 3, 4, 5, 6, 7, 8]).lower(),
            submitter_id([1, 2, 3, 4, 5, 6, 7, 8]),
        ),
        (FieldType.SUBMITTER_ID, "ABCDEFGHIJ", Finding.SUBMITTER_ID_SHAPE),
    ],
)
def test_an_answer_has_the_shape_of_its_question(type_, typed, kept):
    """As it is kept, or what is wrong with it. [F-6]"""
    assert read(type_, typed) == kept


def test_a_choice_is_one_of_those_offered():
    """Whatever a forged page sends. [F-6]"""
    choices = (Choice("A", "Part A"), Choice("B", "Part B"))
    assert read(FieldType.CHOICE, "A", choices=choices) == "A"
    assert read(FieldType.SELECT, "C", choices=choices) is Finding.NOT_A_CHOICE


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Nora Castellan", "Nora Castellan"),
        ("Celeste O'Dowd", "Celeste O'Dowd"),
        ("Zoë-Ann  van der Berg, Jr.", "Zoë-Ann van der Berg, Jr."),
        ("J. P. Example", "J. P. Example"),
        ("Nora", Finding.NAME_NOT_FULL),
        ("Nora 2", Finding.NAME_NOT_LETTERS),
        ("Go to evil.example/now", Finding.NAME_NOT_LETTERS),
        ("<b>Nora</b> C", Finding.NAME_NOT_LETTERS),
    ],
)
def test_a_full_name_is_two_words_of_letters(typed, kept):
    """IDM compares first and last name; mails greet by it, and carry nothing else. [F-2]"""
    assert read(FieldType.TEXT, typed, checks=("full_name",)) == kept


@pytest.mark.parametrize(
    "typed", ["Win at https://evil.example", "WWW.evil.example now", "Refund: pay-spot.com/now", "Evil.Click"]
)
def test_no_web_address_is_smuggled_into_a_mail(typed):
    """A group's name stands in the mail to the official. [F-6]"""
    assert read(FieldType.TEXT, typed) is Finding.HAS_ADDRESS


@given(st.sampled_from(list(FieldType)), st.text(max_size=40))
def test_whatever_is_typed_is_read_or_refused(type_, typed):
    """No answer breaks the page, and what was read is read the same again. [F-6]"""
    one = field("x", type_)
    answer = normalized(one, typed)
    if not isinstance(answer, No):
        assert normalized(one, answer) == answer


npis = st.integers(10**8, 3 * 10**8 - 1).map(
    lambda head: next(f"{head}{last}" for last in range(10) if is_npi(f"{head}{last}"))
)


@given(npis, st.integers(0, 9), st.sampled_from("0123456789"))
def test_one_wrong_digit_of_an_npi_is_caught(npi, place, other):
    """The check digit catches any one mistyped digit. [F-6]"""
    mistyped = npi[:place] + other + npi[place + 1 :]
    assert is_npi(mistyped) == (mistyped == npi)


ADDRESS = FormKind(
    **{
        name: getattr(ASKS, name)
        for name in ("code", "version", "name", "organization_kind", "summary", "instructions", "agreement")
    },
    blocks=(
        Block(
            "address",
            "Address",
            (
                field("state", FieldType.STATE),
                field("zip", FieldType.ZIP, checks=("in_state:state",)),
                field("approver", FieldType.EMAIL),
                field("backup", FieldType.EMAIL, checks=("differs_from:approver",)),
            ),
        ),
    ),
)


@pytest.mark.parametrize(
    ("answers", "found"),
    [
        ({"state": "FL", "zip": "34231"}, []),
        ({"state": "PR", "zip": "00901"}, []),
        ({"state": "VI", "zip": "00802"}, []),
        ({"state": "FL", "zip": "10001"}, [Finding.ZIP_NOT_IN_STATE]),
        ({"zip": "10001"}, []),
        ({"approver": "ada@x.example", "backup": "Ada@X.example"}, [Finding.SAME_AS_ANOTHER]),
        ({"approver": "ada@x.example", "backup": "ben@x.example"}, []),
    ],
)
def test_answers_go_together(answers, found):
    """A ZIP code lies in its state; the backup is somebody else than the approver. [F-6]"""
    assert [clash.because for _, clash in clashes(ADDRESS, answers)] == found


@pytest.mark.parametrize(
    ("day", "found"),
    [
        ("", []),
        ("2026-11-21", [No(Finding.DAY_OVER)]),
        ("2026-11-22", []),
        ("2027-02-20", []),
        ("2027-02-21", [No(Finding.DAY_TOO_FAR, {"days": 90})]),
    ],
)
def test_a_day_to_come_is_neither_over_nor_far_off(day, found):
    """From today to 90 days ahead; a day that is not said to be one to come may be any. [G-8]"""
    fields = (field("last_day", FieldType.DAY, checks=("day_to_come",)), field("born", FieldType.DAY))
    kind, answers = replace(ADDRESS, blocks=(Block("days", "Days", fields),)), {"born": "1957-07-30"}
    late = untimely(
        kind, answers | {"last_day": day}, today=date(2026, 11, 22), ahead=Limits().handover_ahead
    )
    assert [no for _, no in late] == found


def test_every_state_has_its_zip_codes():
    """One table for names and one for ZIP codes, of the same states; every run goes forward. [F-6]"""
    assert set(STATES) == set(ZIPS)
    assert all(first <= last for runs in ZIPS.values() for first, last in runs)
    assert is_zip_of("NY", "00501")
    assert not is_zip_of("NY", "90210")


# --- how a case is reached


@given(
    st.lists(st.integers(0, len(ALPHABET) - 1), min_size=TRACKING_SIGNS, max_size=TRACKING_SIGNS).map(
        tracking_number
    )
)
def test_a_tracking_number_is_read_however_it_is_typed(number):
    """Small letters, spaces and missing hyphens are forgiven. [F-9]"""
    for typed in (
        number,
        number.lower(),
        number.replace("-", ""),
        f"  {number.replace('-', ' ')} ",
        number.replace("-", "–"),
    ):
        assert tracking_typed(typed) == number


@given(st.text(max_size=80))
def test_anything_else_is_no_tracking_number(text):
    """Whatever is typed is judged without an error. [F-9]"""
    read_as = tracking_typed(text)
    assert read_as == "" or len(read_as) == 16


@pytest.mark.parametrize("values", [[], [0] * 11, [0] * 13, [len(ALPHABET)] + [0] * 11, [-1] + [0] * 11])
def test_only_twelve_numbers_make_a_tracking_number(values):
    """A caller's mistake is an error, not a number somebody could guess. [F-9]"""
    with pytest.raises(ValueError, match="numbers below"):
        tracking_number(values)


LIVE = CodeFacts(CodeState.LIVE, 0, NOW + 30 * MINUTE)


@pytest.mark.parametrize(
    ("code", "at", "is_good"),
    [
        (LIVE, NOW, True),
        (LIVE, NOW + 30 * MINUTE, False),
        (LIVE, NOW + 30 * MINUTE - timedelta(microseconds=1), True),
        (replace(LIVE, tries=2), NOW, True),
        (replace(LIVE, tries=3), NOW, False),
        (replace(LIVE, state=CodeState.USED), NOW, False),
        (replace(LIVE, state=CodeState.VOID), NOW, False),
    ],
)
def test_a_code_is_good_for_its_life_once_and_for_three_tries(code, at, is_good):
    """Thirty minutes, one use, three wrong tries. [F-9]"""
    assert bool(may_still_match(code, at, LIMITS)) is is_good


def test_codes_are_sent_with_pauses_five_an_hour_and_twenty_a_day():
    """At most every 30 seconds, five within any hour, twenty within any day. [F-9]"""
    assert may_send_code([], NOW, LIMITS)
    assert may_send_code([NOW - timedelta(seconds=29)], NOW, LIMITS).because is Refusal.CODE_TOO_SOON
    assert may_send_code([NOW - timedelta(seconds=30)], NOW, LIMITS)
    five = [NOW - 10 * MINUTE * number for number in range(1, 6)]
    assert may_send_code(five, NOW, LIMITS).because is Refusal.CODES_TOO_MANY
    assert may_send_code(five, NOW + 10 * MINUTE, LIMITS)
    twenty = [NOW - 70 * MINUTE - 65 * MINUTE * number for number in range(20)]
    assert may_send_code(twenty, NOW, LIMITS).because is Refusal.CODES_TOO_MANY_A_DAY
    assert may_send_code(twenty, NOW + 60 * 24 * MINUTE - (NOW - twenty[-1]), LIMITS)


@pytest.mark.parametrize(
    ("age", "idle", "is_over"),
    [
        (29 * MINUTE, 29 * MINUTE, False),
        (31 * MINUTE, 30 * MINUTE, True),
        (12 * 60 * MINUTE, MINUTE, True),
        (11 * 60 * MINUTE, MINUTE, False),
    ],
)
def test_a_session_of_a_case_idles_out(age, idle, is_over):
    """Thirty minutes idle, twelve hours at most. [F-9]"""
    assert is_session_over(NOW - age, NOW - idle, NOW, LIMITS) is is_over


# --- asking whether facts are on file


def test_the_payer_is_asked_ten_times_a_day_and_a_pair_five_times_an_hour():
    """Beyond that nobody finds out by trying. [F-5, F-6]"""
    assert may_ask(Matter.PAYER, 9, LIMITS)
    assert may_ask(Matter.PAYER, 10, LIMITS).because is Refusal.PAYER_CHECKS_USED_UP
    assert may_ask(Matter.PAIR, 4, LIMITS)
    assert may_ask(Matter.PAIR, 5, LIMITS).because is Refusal.PAIR_CHECKS_USED_UP
    today = NOW.replace(hour=0)
    assert counted_from(Matter.PAYER, now=NOW, today=today) == today
    assert counted_from(Matter.PAIR, now=NOW, today=today) == NOW - 60 * MINUTE


def test_a_payer_that_is_down_uses_nothing_up():
    """A question without an answer counts; a payer that says it cannot answer does not. [F-6]"""
    assert {Outcome.ASKED, Outcome.MATCH, Outcome.NO_MATCH} == COUNTS_AS_A_TRY


@pytest.mark.parametrize(
    ("name", "value"),
    [("invitation_resends", 0), ("payer_checks_a_day", 0), ("code_wrong_tries", 0), ("codes_per_hour", 21)],
)
def test_counts_of_nothing_are_refused_at_start(name, value):
    """A deployment cannot switch a limit off by writing zero, nor one by another. [F-9]"""
    with pytest.raises(ValueError, match=name):
        Limits(**{name: value})
