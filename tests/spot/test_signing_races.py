"""Many at once: twenty signers, and somebody who edits while the official signs."""

import time
from functools import partial

import pytest

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.outbox.models import Message
from bailiwick.ground.program import clock
from bailiwick.ground.rulings import Refused
from bailiwick.ground.uploads.models import Upload
from bailiwick.ground.uploads.rules import Content, Kind
from bailiwick.spot.forms import actions, queries
from bailiwick.spot.forms.actions.signing import send_signing_code, sign
from bailiwick.spot.forms.models import AccessCode, Case, Signature
from bailiwick.spot.rules.deeds import Deed
from bailiwick.spot.rules.forms import State
from tests.spot.build_certificates import proof
from tests.spot.build_forms import VISITOR, awaiting_case
from tests.spot.build_signing import OFFICIAL, at_once, attested, code_for, on_file

pytestmark = pytest.mark.django_db(transaction=True)

MANY = 20


def signing(token, case, code, now, **changes):
    said = attested(case, **changes)
    return lambda: sign(invitation_token=token, code=code, by=OFFICIAL, now=now, **said)


def test_twenty_signatures_at_once_are_one():
    """One signature, one entry, one of each notice. [F-8]"""
    case, token = awaiting_case()
    now = clock.now()
    code = code_for(token, now=now)
    results = at_once(*[signing(token, case, code, now)] * MANY)
    assert sum(isinstance(result, Signature) for result in results) == 1
    assert Signature.objects.count() == 1
    assert Entry.objects.filter(deed=Deed.FORM_SIGNED, about__case=str(case.pk)).count() == 1
    assert Message.objects.filter(kind="form-signed-warning").count() == 1
    assert Case.objects.get().state == State.SUBMITTED


def test_parallel_guesses_are_counted():
    """A burst of wrong codes looks at the code three times at most, and voids it. [F-8, S-2]"""
    case, token = awaiting_case()
    now = clock.now()
    code = code_for(token, now=now)
    wrong = [number for number in (f"{n:06d}" for n in range(MANY + 1)) if number != code][:MANY]
    at_once(*[signing(token, case, guess, now) for guess in wrong])
    kept = AccessCode.objects.get(purpose="signing")
    assert (kept.tries, kept.state) == (3, "void")
    with pytest.raises(Refused):
        signing(token, case, code, now)()
    assert Signature.objects.count() == 0


def test_codes_asked_for_at_once_are_one():
    """Twenty presses of Send are one mail. [F-8]"""
    _, token = awaiting_case()
    now = clock.now()
    at_once(*[lambda: send_signing_code(invitation_token=token, by=OFFICIAL, now=now)] * MANY)
    assert AccessCode.objects.filter(purpose="signing").count() == 1
    assert Message.objects.filter(kind="form-signing-code").count() == 1


def editing(case, number, now, *, delay):
    held = queries.answers_of(case)
    fields = [field.code for field in queries.kind_of(case).block("address").fields]
    answers = {code: held.get(code, "") for code in fields} | {"city": f"City {number}"}

    def edit():
        time.sleep(delay)
        return actions.save_answers(
            case=case, block="address", answers=answers, expected_revision=case.revision, by=VISITOR, now=now
        )

    return edit


@pytest.mark.parametrize("delay", [0, 0.02, 0.05, 0.1, 0.2, 0.4])
def test_nobody_signs_a_form_that_is_being_changed(delay):
    """Whoever comes first: a signature counts for the form as it is, or not at all; no saved answer is lost. [F-8]"""
    case, token = awaiting_case()
    case.refresh_from_db()
    now = clock.now()
    code = code_for(token, now=now)
    signers = [signing(token, case, code, now)] * 3
    editors = [editing(case, number, now, delay=delay) for number in range(9)]
    results = at_once(*signers, *editors)
    case.refresh_from_db()
    saved = [result for result in results if isinstance(result, Case)]
    assert len(saved) == 1  # all edits saw the same revision
    assert queries.answers_of(case) == queries.answers_of(case, saved[0].revision)
    assert queries.answers_of(case)["city"].startswith("City ")
    # Signed before the change: void. Signed after it: never, for the link was void by then.
    assert case.state == State.DRAFT
    assert queries.live_signature(case) is None
    assert Signature.objects.filter(revision=case.revision).count() == 0
    if any(isinstance(result, Signature) for result in results):
        assert Signature.objects.get().state == "void"


@pytest.mark.parametrize("delay", [0, 0.05, 0.2])
def test_an_edit_of_what_is_no_longer_there_does_not_touch_the_signature(delay):
    """Nine windows with an older form on them: all are told to look again, and the signature stands. [F-8]"""
    case, token = awaiting_case()
    older = Case.objects.get(pk=case.pk)
    older.revision -= 1
    now = clock.now()
    code = code_for(token, now=now)
    editors = [editing(older, number, now, delay=delay) for number in range(9)]
    results = at_once(*[signing(token, case, code, now)] * 3, *editors)
    case.refresh_from_db()
    live = queries.live_signature(case)
    assert not [result for result in results if isinstance(result, Case)]
    assert (live.revision, live.digest) == (case.revision, queries.version_of(case).digest)
    assert case.state == State.SUBMITTED


def test_a_code_and_certificates_at_once_are_one_signature():
    """Whichever comes first; no document is kept of those that came too late. [F-8]"""
    case, token = awaiting_case()
    now = clock.now()
    code = code_for(token, now=now)
    by_document = partial(
        actions.sign_with_certificate,
        invitation_token=token,
        seen_digest=queries.version_of(case).digest,
        content=Content(Kind.PDF, b"%PDF-1.7 signed"),
        certificate=proof(),
        on_file=on_file(case),
        by=OFFICIAL,
        now=now,
    )
    results = at_once(signing(token, case, code, now), *[by_document] * 4)
    assert sum(isinstance(result, Signature) for result in results) == 1
    signature = Signature.objects.get()
    assert Upload.objects.count() == (queries.document_of(signature) is not None)
    assert Message.objects.filter(kind="form-signed-warning").count() == 1
