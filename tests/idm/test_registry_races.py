"""Many at the same moment: registering a verified number, being proofed with one number, deciding, merging."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.conf import settings
from django.db import connection

from bailiwick.ground.outbox.models import Message
from bailiwick.ground.program import clock
from bailiwick.ground.rulings import By, Refused
from bailiwick.idm.accounts.models import Account, SsnNumber
from bailiwick.idm.accounts.queries import personal_facts
from bailiwick.idm.proofing.actions import consent
from bailiwick.idm.proofing.attempts import prove
from bailiwick.idm.proofing.vendors.scripted import ScriptedVendor
from bailiwick.idm.registration import actions as registration
from bailiwick.idm.registration.deciding import Registration
from bailiwick.idm.registry import actions
from bailiwick.idm.registry.models import DuplicateCase, Merge
from bailiwick.idm.rules.duplicates import Refusal
from bailiwick.idm.rules.proofing import Verified
from bailiwick.idm.rules.registration import Refusal as RegistrationRefusal
from bailiwick.idm.sessions.models import Session
from bailiwick.idm.sessions.queries import session_of_cookie
from bailiwick.idm.signin import actions as signin
from tests.idm import build_accounts, build_oidc, build_pages
from tests.idm.build_registry import REASON, by, case_of, merged, pair, presence, proposed, tier_3

pytestmark = pytest.mark.django_db(transaction=True)

CROWD = 200
CLAIMANTS = 20
THREADS = 10


def at_once(acts):
    """All at the same moment, each on a connection of its own; a refusal's code is a result."""
    barrier = Barrier(len(acts))

    def act(one):
        barrier.wait()
        try:
            return one()
        except Refused as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(act, acts))


def crowded(acts):
    """A crowd before a server: PostgreSQL serves all at once; SQLite's one writer serves as many as a program has threads."""
    if connection.vendor == "postgresql":
        return at_once(acts)
    return [answer for at in range(0, len(acts), THREADS) for answer in at_once(acts[at : at + THREADS])]


def newcomer(number: int, ssn: str):
    """Somebody at the last step of a registration, from a place of their own, with this number."""
    draft, _key = registration.keep_answers(
        draft=None, step="personal", typed={}, is_accepted=True, now=clock.now()
    )
    facts = build_accounts.facts(ssn=ssn, email=f"crowd{number}@example.org")
    typed = Registration(
        facts=facts,
        text_capable=True,
        terms_version="1",
        user_id=f"crowd-{chr(97 + number % 26)}{number}",
        password=build_accounts.PASSWORD,
        question="first_pet",
        answer=build_accounts.ANSWER,
    )
    by_whom = By("visitor", f"198.51.{number // 250}.{number % 250}")

    def submit():
        registration.submit(draft=draft, registration=typed, by=by_whom, now=clock.now())
        return "done"

    return submit


def test_200_people_registering_a_verified_number_at_once():
    """None gets it, each has the answer that any number would give, the holder is mailed once. [A-4, AR01]"""
    holder = build_pages.person()
    crowd = [newcomer(number, personal_facts(holder).ssn) for number in range(CROWD)]
    accounts = Account.objects.count()
    answers = Counter(crowded(crowd))
    # Three a day are let through to the same page as everybody's; the rest is told to come later, known or not.
    assert answers == {"done": 3, RegistrationRefusal.TOO_MANY_REGISTRATIONS: CROWD - 3}
    assert Account.objects.count() == accounts
    assert SsnNumber.objects.get(state="verified", account=holder)
    assert Message.objects.filter(kind="registration_of_holder", to=holder.email).count() == 1
    assert Message.objects.filter(kind="registration_neutral").count() == 3


def test_200_people_registering_an_unknown_number_at_once_have_the_same_answers():
    """The crowd at a number that nobody has learns the same. [A-4, AR02]"""
    crowd = [newcomer(number, "900778899") for number in range(CROWD)]
    answers = Counter(crowded(crowd))
    assert answers == {"done": 3, RegistrationRefusal.TOO_MANY_REGISTRATIONS: CROWD - 3}


def test_20_claims_are_one_verified_and_19_void_and_told(settings):
    """Proofed at the same instant: the first verified keeps it, the others are told to call. [A-5, AR01]"""
    settings.PROOFING_VENDOR = ScriptedVendor(Verified())
    ssn = build_accounts.facts().ssn
    people = [build_accounts.account(ssn=ssn, now=clock.now()) for _ in range(CLAIMANTS)]
    cases = [consent(account=one, by=by(one), now=clock.now()) for one in people]

    def proofing(one, case):
        return lambda: prove(case=case, facts=personal_facts(one), by=by(one), now=clock.now())

    at_once([proofing(one, case) for one, case in zip(people, cases, strict=True)])
    states = Counter(SsnNumber.objects.filter(account__in=people).values_list("state", flat=True))
    assert states == {"verified": 1, "void": CLAIMANTS - 1}
    winner = SsnNumber.objects.get(account__in=people, state="verified").account
    told = Counter(Message.objects.filter(kind="ssn_void").values_list("to", flat=True))
    assert told == {one.email: 1 for one in people if one != winner}


def test_two_of_tier_3_deciding_one_case():
    """One finds two people, one proposes a merge: one is first, the other is told who. [A-5, Q-5]"""
    one, two = pair()
    case, desks = case_of(one, two), (tier_3(), tier_3())
    how = [
        {
            "case": case,
            "decider": desk,
            "presence": presence(),
            "reason": REASON,
            "by": by(desk),
            "now": clock.now(),
        }
        for desk in desks
    ]
    answers = at_once(
        [
            lambda: actions.find_different(**how[0]),
            lambda: actions.propose_merge(survivor=one, **how[1]),
        ]
    )
    assert answers.count(Refusal.ALREADY_DECIDED) == 1


def test_two_of_tier_3_agreeing_at_once_merge_once():
    """The second of two is one person. [A-5, H-5]"""
    one, two = pair()
    merge = proposed(case_of(one, two), one)
    answers = at_once(
        [
            lambda desk=desk: actions.agree_to_merge(
                merge=merge, decider=desk, presence=presence(), reason=REASON, by=by(desk), now=clock.now()
            )
            for desk in (tier_3(), tier_3(), tier_3())
        ]
    )
    assert answers.count(Refusal.ALREADY_DECIDED) == 2
    assert Merge.objects.get().state == "done"
    assert Message.objects.filter(kind="accounts_merged").count() == 2


def test_merging_while_the_other_signs_in():
    """Whoever is first: afterwards nothing that the other's password opened opens anything. [A-5, S-7]"""
    one, two = pair()
    case = case_of(one, two)
    merge, desk = proposed(case, one), tier_3()
    signs_in = [
        lambda: signin.sign_in(
            user_id=two.user_id,
            password=build_accounts.PASSWORD,
            by=By("visitor", "192.0.2.9"),
            now=clock.now(),
        )
    ] * 4
    answers = at_once(
        [
            lambda: actions.agree_to_merge(
                merge=merge, decider=desk, presence=presence(), reason=REASON, by=by(desk), now=clock.now()
            ),
            *signs_in,
        ]
    )
    cookies = [answer[1] for answer in answers if isinstance(answer, tuple)]
    opened = [session_of_cookie(cookie, now=clock.now(), limits=settings.LIMITS) for cookie in cookies]
    assert all(session is None or session.account_id == one.pk for session in opened)
    live = Session.objects.filter(account=two, ended_at=None)
    assert all(Account.objects.get(pk=row.account_id).state == "merged" for row in live)


def test_a_merge_and_the_vendors_answer_at_once(settings):
    """Whoever is first: the account that goes on never loses its claim to the one that ended. [A-5, V-3]"""
    settings.PROOFING_VENDOR = ScriptedVendor(Verified())
    one, two = pair()
    merge, desk = proposed(case_of(one, two), one), tier_3()
    case, facts = consent(account=two, by=by(two), now=clock.now()), personal_facts(two)
    answers = at_once(
        [
            lambda: actions.agree_to_merge(
                merge=merge, decider=desk, presence=presence(), reason=REASON, by=by(desk), now=clock.now()
            ),
            lambda: prove(case=case, facts=facts, by=by(two), now=clock.now()),
        ]
    )
    is_merged = Account.objects.get(pk=two.pk).state == "merged"
    states = {number.account_id: number.state for number in SsnNumber.objects.filter(account__in=(one, two))}
    expected = {one.pk: "claim", two.pk: "claim"} if is_merged else {one.pk: "void", two.pk: "verified"}
    assert states == expected, answers


@pytest.fixture
def spot(tmp_path, settings):
    settings.APPLICATION_VALUES = dict(settings.APPLICATION_VALUES)
    application = build_oidc.Application("spot")
    build_oidc.use_keys(tmp_path, application)
    yield application
    build_oidc.forget_catalogue()


def test_a_merge_and_a_token_exchange_at_once(spot):
    """A code of the account that ended buys nothing that lives, whether it was given in before or after. [A-5, O-5]"""
    one, two = build_oidc.member(), build_oidc.member()
    case = DuplicateCase.objects.create(
        first=one, second=two, resemblance="similar_person", opened_at=clock.now()
    )
    merge, desk = proposed(case, one), tier_3()
    exchanges = [spot.exchange(build_oidc.code_for(spot, two)) for _ in range(3)]
    late = spot.exchange(build_oidc.code_for(spot, two))
    answers = at_once(
        [
            lambda: actions.agree_to_merge(
                merge=merge, decider=desk, presence=presence(), reason=REASON, by=by(desk), now=clock.now()
            ),
            *[lambda form=form: build_oidc.post("/oidc/token", form) for form in exchanges],
        ]
    )
    assert Account.objects.get(pk=two.pk).state == "merged"
    given = [answer.json() for answer in answers[1:] if answer.status_code == 200]
    for tokens in given:
        asked = build_oidc.post("/oidc/introspect", spot.signed(token=tokens["access_token"]))
        assert asked.json() == {"active": False}
    assert build_oidc.post("/oidc/token", late).status_code == 400


def test_merges_in_both_directions_at_once():
    """Of two opposite merges in two cases one happens, and nobody waits in a ring. [A-5]"""
    one, two = pair()
    first = proposed(case_of(one, two), one)
    desk = tier_3()
    answers = at_once(
        [
            lambda: actions.agree_to_merge(
                merge=first, decider=desk, presence=presence(), reason=REASON, by=by(desk), now=clock.now()
            ),
            lambda: actions.reject_merge(
                merge=first,
                decider=first.proposed_by,
                presence=presence(),
                reason=REASON,
                by=by(first.proposed_by),
                now=clock.now(),
            ),
        ]
    )
    assert answers.count(Refusal.ALREADY_DECIDED) == 1
    assert Account.objects.filter(state="merged").count() == (Merge.objects.get().state == "done")


def test_undoing_twice_at_once_is_once():
    """Two of tier 3 press the button. [A-5]"""
    one, two = pair()
    merge = merged(one, two)
    answers = at_once(
        [
            lambda desk=desk: actions.undo_merge(
                merge=merge, decider=desk, presence=presence(), reason=REASON, by=by(desk), now=clock.now()
            )
            for desk in (tier_3(), tier_3())
        ]
    )
    assert answers.count(Refusal.ALREADY_DECIDED) == 1
    assert Message.objects.filter(kind="accounts_parted").count() == 2
