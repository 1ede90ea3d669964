"""Whose signature counts, for which text, and when somebody must call back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bailiwick.spot.rules.forms import Authority, State
from bailiwick.spot.rules.signing import (
    LINK_STEPS,
    Asked,
    Attestation,
    Link,
    LinkEvent,
    LinkState,
    Refusal,
    Signer,
    Text,
    authority,
    is_known,
    is_valid,
    mailbox_key,
    may_approve,
    may_open,
    may_sign,
    name_key,
)

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TEXT = Text(revision=4, digest="ab" * 32, form_version="1", agreement_version="2026-01")
NORA = Signer("Nora Castellan", "nora.castellan@pelicancove.example")
ASKED = Asked(official=NORA, standing="authorized", is_providers=True)
ATTESTED = Attestation(typed_name="Nora Castellan", is_title_attested=True, standing="authorized")
LINK = Link(LinkState.LIVE, revision=4, expires_at=NOON + timedelta(days=14))

texts = st.builds(
    Text,
    revision=st.integers(1, 5),
    digest=st.sampled_from(["ab" * 32, "cd" * 32, ""]),
    form_version=st.sampled_from(["1", "2"]),
    agreement_version=st.sampled_from(["1", "2"]),
)
people = st.builds(
    Signer,
    name=st.sampled_from(["Nora Castellan", "NORA CASTELLAN", "Nora Castellán", "Ivo Marsh", "Nora", ""]),
    mailbox=st.sampled_from(["nora@a.example", "Nora@A.example", "nora@b.example", "ivo@a.example", ""]),
)


# --- What a signature is bound to -----------------------------------------------------------------


@given(signed=texts, current=texts, is_live=st.booleans())
def test_a_signature_counts_for_one_text_only(signed, current, is_live):
    """Revision, digest, form version, agreement version: any other of the four, and it does not count. [F-8]"""
    same = all(getattr(signed, name) == getattr(current, name) for name in Text.__dataclass_fields__)
    assert is_valid(signed, current, is_live=is_live) == (same and is_live)


@given(edits=st.lists(st.tuples(st.integers(0, 3), st.text(max_size=3)), max_size=12))
def test_no_run_of_changes_leaves_a_signature_standing(edits):
    """Also where the last change brings the first answers back: the revision has moved on. [F-8]"""
    answers, current = {}, replace(TEXT, digest="")
    for place, text in edits:
        answers[place] = text
        current = replace(current, revision=current.revision + 1, digest=str(sorted(answers.items())))
    assert is_valid(replace(TEXT, digest=""), current, is_live=True) == (not edits)


# --- The link --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("link", "case_state", "revision", "now", "refusal"),
    [
        (LINK, State.AWAITING_SIGNATURE, 4, NOON, None),
        (LINK, State.AWAITING_SIGNATURE, 4, LINK.expires_at, Refusal.LINK_EXPIRED),
        (LINK, State.AWAITING_SIGNATURE, 5, NOON, Refusal.LINK_VOID),
        (LINK, State.DRAFT, 4, NOON, Refusal.LINK_VOID),
        (LINK, State.WITHDRAWN, 4, NOON, Refusal.LINK_VOID),
        (replace(LINK, state=LinkState.VOID), State.AWAITING_SIGNATURE, 4, NOON, Refusal.LINK_VOID),
        (replace(LINK, state=LinkState.USED), State.SUBMITTED, 4, NOON, Refusal.LINK_USED),
    ],
)
def test_a_link_opens_one_revision_that_waits_once_in_its_time(link, case_state, revision, now, refusal):
    """Used, void, too old, or for a form that has moved on: each has its own words. [F-8]"""
    ruling = may_open(link, case_state=case_state, case_revision=revision, now=now)
    assert (None if ruling else ruling.because) == refusal


@given(
    st.sampled_from(LinkState),
    st.sampled_from(State),
    st.integers(3, 5),
    st.timedeltas(timedelta(days=-20), timedelta(days=20)),
)
def test_a_link_opens_nothing_else(state, case_state, revision, later):
    """Whatever else is true, it is live, for this revision, of a form that waits, and in time. [F-8]"""
    ruling = may_open(
        replace(LINK, state=state), case_state=case_state, case_revision=revision, now=NOON + later
    )
    assert bool(ruling) == (
        state is LinkState.LIVE
        and case_state is State.AWAITING_SIGNATURE
        and revision == LINK.revision
        and NOON + later < LINK.expires_at
    )


def test_a_used_or_void_link_stays_so():
    """Nothing brings a link back. [F-8]"""
    assert set(LINK_STEPS) == set(LinkState)
    assert LINK_STEPS[LinkState.USED] == LINK_STEPS[LinkState.VOID] == {}
    assert set(LINK_STEPS[LinkState.LIVE]) == set(LinkEvent)


# --- Who signs ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    ["nora castellan", "  NORA   CASTELLAN ", "Nora Castellán", "Nora\u00a0Castellan"],
)
def test_the_typed_name_may_be_written_as_people_write(typed):
    """Letter case, accents and spaces are no difference. [F-8]"""
    assert may_sign(replace(ATTESTED, typed_name=typed), ASKED, third_parties=())


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "Nora",
        "N. Castellan",
        "Ivo Marsh",
        "Nora Castellan MD",
        "Nоra Castellan",  # a Cyrillic o
        "Nora\u200b Castellan",  # a space without width
        "Nοra Castellan",  # a Greek omicron
    ],
)
def test_another_name_is_not_the_officials(typed):
    """Nor one that only looks like it. [F-8]"""
    ruling = may_sign(replace(ATTESTED, typed_name=typed), ASKED, third_parties=())
    assert ruling.because is Refusal.NAME_DIFFERS


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("Celeste O\u2019Dowd", "Celeste O'Dowd"),
        ("Jose Inigo Nunez", "José Íñigo Núñez"),
        ("Ada Fox-Hill", "Ada Fox\u2011Hill"),
        ("Quentin Alder, MD", "Quentin Alder MD"),
        ("J. R. Vale", "J.R. Vale"),
    ],
)
def test_keyboards_that_differ_write_one_name(typed, written):
    """Apostrophes, hyphens, points and accents come in several shapes. [F-8]"""
    assert name_key(typed) == name_key(written)


def test_title_and_authority_are_attested():
    """Each is said by the signer; none is taken for granted. [F-8]"""
    refusals = {
        may_sign(replace(ATTESTED, is_title_attested=False), ASKED, third_parties=()).because,
        may_sign(replace(ATTESTED, standing="delegated"), ASKED, third_parties=()).because,
        may_sign(
            replace(ATTESTED, standing=""), replace(ASKED, standing="delegated"), third_parties=()
        ).because,
    }
    assert refusals == {Refusal.TITLE_NOT_ATTESTED, Refusal.STANDING_DIFFERS}


def test_a_third_partys_person_signs_no_providers_form():
    """Whatever name they type, and however they spell their mailbox. [F-8]"""
    known = ["Nora.Castellan@PelicanCove.example"]
    assert may_sign(ATTESTED, ASKED, third_parties=known).because is Refusal.THIRD_PARTY
    assert may_sign(ATTESTED, replace(ASKED, is_providers=False), third_parties=known)
    assert may_sign(ATTESTED, ASKED, third_parties=["somebody.else@gulf.example"])


# --- Authority ------------------------------------------------------------------------------------


@given(signer=people, on_file=st.lists(people, max_size=3))
def test_authority_needs_name_and_mailbox_of_one_person_on_file(signer, on_file):
    """The name of one and the mailbox of another are nobody's; an empty mailbox is nobody's. [F-8]"""
    same = [
        one
        for one in on_file
        if one.mailbox.lower() == signer.mailbox.lower() != ""
        and name_key(one.name) == name_key(signer.name) != ""
    ]
    expected = Authority.MATCHED if same else Authority.CALLBACK_NEEDED
    assert authority(signer, on_file) is expected


def test_nobody_on_file_means_a_call():
    """Silence of the file is no ground. [F-8]"""
    assert authority(NORA, ()) is Authority.CALLBACK_NEEDED


LOOK_ALIKES = [
    "nora.castellan@pelicancοve.example",  # a Greek omicron
    "nоra.castellan@pelicancove.example",  # a Cyrillic o
    "nora.castellan@peIicancove.example",  # a capital i
    "ｎora.castellan@pelicancove.example",  # a wide n
    "nora.castellan@pelicancove.example.evil.example",
    "nora.castellan+x@pelicancove.example",
    "noracastellan@pelicancove.example",
    "nora.castellan@pelicancove.example\u200b",
    "nora.castellan\u00ad@pelicancove.example",
]


@pytest.mark.parametrize("mailbox", LOOK_ALIKES)
def test_a_mailbox_that_looks_alike_is_somebody_elses(mailbox):
    """Only A–Z lose their case; no other sign becomes a letter. [F-8]"""
    assert authority(Signer(NORA.name, mailbox), [NORA]) is Authority.CALLBACK_NEEDED


def test_signs_that_lower_case_turns_into_letters_do_not():
    """The Kelvin sign is no k, the dotless i no i, the long s no s. [F-8]"""
    for sign, letter in (("\u212a", "k"), ("\u0130", "i"), ("\u017f", "s"), ("\u0131", "i")):
        assert mailbox_key(f"{sign}@a.example") != mailbox_key(f"{letter}@a.example")


signs = st.sampled_from("aAbBkK\u212aiI\u0130\u0131sS\u017f@.\u0430\u03bf\uff4e\u200b+é")


@given(st.lists(st.tuples(signs, signs), min_size=1, max_size=8))
def test_two_mailboxes_are_one_only_by_ascii_case(pairs):
    """The key says same exactly where each pair of signs is the same or an A–Z pair. [F-8]"""
    same = all(a == b or (a.isascii() and b.isascii() and a.lower() == b.lower()) for a, b in pairs)
    first, second = ("".join(side) for side in zip(*pairs, strict=True))
    assert (mailbox_key(first) == mailbox_key(second)) == same


def test_mailboxes_are_known_however_they_are_cased():
    """A mailbox is looked for as it is compared everywhere. [F-8]"""
    assert is_known("BEA@gulf.example ", ["bea@GULF.example"])
    assert not is_known("bea@gulf.example", [])


def test_an_approval_needs_authority_on_file_or_a_call_back():
    """A call that is still to be made carries nothing. [F-8]"""
    assert [one for one in Authority if may_approve(one)] == [Authority.MATCHED, Authority.CALLED_BACK]
