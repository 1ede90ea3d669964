"""Why somebody has a role, and who had access to an organization on a day."""

import csv
import io
from datetime import date, timedelta

import pytest

from bailiwick.ground.ledger.actions import append
from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.rulings import By, Refused
from bailiwick.idm.access.actions import export_access, export_chain, keep_signed_form, remove_grant
from bailiwick.idm.access.chain_words import CHANGE_WORDS, LINK_WORDS, chain_as_csv
from bailiwick.idm.access.models import Export, Grant
from bailiwick.idm.access.queries import access_lines, chain_of, held_on
from bailiwick.idm.access.queries.chain import CHANGES, LinkKind
from bailiwick.idm.accounts import actions as accounts
from bailiwick.idm.accounts.models import Person
from bailiwick.idm.helpdesk.access_views import as_csv
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.exports import Refusal
from bailiwick.idm.rules.requests import Way
from bailiwick.wire.provisioning import SignedForm
from tests.idm.build_access import (
    APPROVER,
    COMMAND,
    DAY,
    NOON,
    STRONG,
    approver,
    by,
    decided,
    desk_member,
    end_user,
    enrollment,
    grant_of,
    organization,
    pending_request,
)

pytestmark = pytest.mark.django_db
FORM = SignedForm(number="F-2026-0007", signed_by="Olive Official", signed_at="2026-02-20T10:00:00-05:00")


def kinds(grant, viewer, now=NOON):
    chain = chain_of(grant, viewer, now)
    return chain and [link.kind.value for link in chain.links]


def signed_in(account, now):
    append(
        Deed.APPLICATION_SIGN_IN,
        by=by(account),
        now=now,
        subject=account.pk,
        application="spot",
        about={"interactive": True},
    )


def exported(place, account, *, as_desk=False, now=NOON):
    return export_access(
        organization=place, day=NOON.date(), account=account, as_desk=as_desk, by=by(account), now=now
    )


def test_the_chain_leads_from_the_signed_form_to_the_sign_ins():
    """Form and who signed it, submitter ID, approver, request, reason, decision, certification, sign-ins. [Q-11]"""
    record, desk = enrollment(), desk_member(tier=2)
    keep_signed_form(submitter_id=record.submitter_id, version=1, form=FORM, by=By("client:spot"), now=NOON)
    first = decided(
        pending_request(role=APPROVER, way=Way.CREATE, record=record), desk, reason="As on the form."
    )
    boss = first.account
    asked = decided(pending_request(at=first.organization, now=NOON + DAY), boss, now=NOON + DAY)
    signed_in(asked.account, NOON + 2 * DAY)
    held = grant_of(asked.account)
    chain = chain_of(held, asked.account, NOON + 3 * DAY)
    assert [link.kind.value for link in chain.links] == [
        "form", "record", "created", "decider", "request", "decision", "certification", "sign_in",
    ]  # fmt: skip
    form, record_link, created, decider, request, decision, _, _ = chain.links
    assert (form.number, form.who) == ("F-2026-0007", "Olive Official")
    assert record_link.number == first.submitter_id
    assert created.who == decider.who == decision.who
    assert (decider.what, decider.number) == ("FCSO - Provider Office Approver", first.number)
    assert (request.number, request.why) == (asked.number, "I start work there on Monday.")
    assert kinds(held, boss) == kinds(held, desk) == kinds(held, asked.account)
    head, about, *rows = csv.reader(io.StringIO(chain_as_csv(chain).decode("utf-8-sig")))
    assert about[2:4] == [f"{chain.holder} ({chain.user_id})", first.submitter_id]
    assert about[4].startswith("FCSO - SPOT End User, ")
    assert [row[0] for row in rows] == [str(LINK_WORDS[link.kind]) for link in chain.links]
    assert rows[0][2:4] == ["Olive Official", "F-2026-0007"]
    assert rows[4][3:6] == [asked.number, "", "I start work there on Monday."]
    assert all(len(row) == len(head) for row in rows)


def test_the_chain_is_for_those_who_may_know_of_the_role():
    """Not for a colleague, nor for an approver of another organization. [Q-11, H-1]"""
    place = organization()
    held = grant_of(end_user(of=place))
    assert kinds(held, end_user(of=place)) is None
    assert kinds(held, approver(of=organization())) is None
    assert kinds(held, desk_member(tier=1))[2] == "by_operator"


def test_a_chain_that_is_taken_along_is_counted_with_the_lists():
    """Of a desk's role too; ten an hour in all, each on the ledger; nobody else's is there to take. [Q-11, L-2]"""
    place = organization()
    boss, member = approver(of=place), desk_member(tier=2)
    mine, desks = grant_of(boss), grant_of(member)
    exported(place, boss)
    for _ in range(9):
        export_chain(grant=mine, account=boss, by=by(boss), now=NOON)
    for account, grant in ((boss, mine), (end_user(of=place), mine), (boss, desks)):
        with pytest.raises(Refused) as refused:
            export_chain(grant=grant, account=account, by=by(account), now=NOON)
        assert refused.value.code is (
            Refusal.TOO_MANY_EXPORTS if account.pk == grant.account_id else Refusal.NOT_TO_EXPORT
        )
    export_chain(grant=desks, account=member, by=by(member), now=NOON)
    taken = Entry.objects.filter(deed=Deed.CHAIN_EXPORTED)
    assert set(taken.values_list("actor", "subject")) == {(str(one.pk),) * 2 for one in (boss, member)}
    assert taken.count() == Export.objects.count() - 1 == 10


def test_every_link_has_words():
    """The file shows no code. [Q-11]"""
    assert set(LINK_WORDS) == set(LinkKind)
    assert set(CHANGE_WORDS) == set(CHANGES)


def test_a_role_counts_on_every_day_of_which_it_was_held_a_part():
    """From the day it began to the day it ended, recorded or by its date. [Q-11, Q-10]"""
    place = organization()
    boss, gone, dated = approver(of=place), end_user(of=place), end_user(of=place)
    remove_grant(
        grant=grant_of(gone), remover=boss, reason="Left.", strength=STRONG, by=by(boss), now=NOON + 2 * DAY
    )
    Grant.objects.filter(account=dated).update(ends_on=date(2026, 3, 3))

    def held(day):
        return {grant.account for grant in held_on(place, day, applications=["spot"])}

    assert held(date(2026, 3, 1)) == set()
    assert held(date(2026, 3, 2)) == held(date(2026, 3, 3)) == {boss, gone, dated}
    assert held(date(2026, 3, 4)) == {boss, gone}
    assert held(date(2026, 3, 5)) == {boss}
    assert not held_on(place, date(2026, 3, 2), applications=["harbor"])
    assert not held_on(organization(), date(2026, 3, 2), applications=["spot"])


def test_an_inactive_role_was_no_access_on_that_day():
    """From the ledger: signed in to the application a month later, and rested in between. [Q-11, I-4, I-1]"""
    place = organization()
    account = end_user(of=place)
    signed_in(account, NOON + 40 * DAY)

    def was_inactive(days):
        day = NOON.date() + timedelta(days=days)
        (line,) = access_lines(held_on(place, day, applications=["spot"]), day, now=NOON + 90 * DAY)
        return line.was_inactive

    assert [was_inactive(days) for days in (30, 31, 40, 70, 71)] == [False, True, False, False, True]


def test_a_stopped_account_had_no_access_on_that_day():
    """Suspended from before the day until after it; a day of which a part was free counts. [Q-11, A-6]"""
    place = organization()
    account = end_user(of=place)
    for stop, days in ((accounts.suspend, 1), (accounts.unsuspend, 4)):
        stop(account=account, why="A report.", by=COMMAND, now=NOON + days * DAY)

    def was_stopped(days):
        day = NOON.date() + timedelta(days=days)
        (line,) = access_lines(held_on(place, day, applications=["spot"]), day, now=NOON + 9 * DAY)
        return line.was_stopped

    assert [was_stopped(days) for days in range(6)] == [False, False, True, True, False, False]


def test_a_page_of_the_list_takes_three_statements(django_assert_num_queries):
    """However many people it shows. [Q-11]"""
    place = organization()
    decided(pending_request(at=place), approver(of=place))
    for _ in range(3):
        end_user(of=place)
    with django_assert_num_queries(3):
        lines = access_lines(held_on(place, NOON.date(), applications=["spot"]), NOON.date(), now=NOON)
    assert len(lines) == 5


def test_an_export_is_counted_and_on_the_ledger():
    """Ten an hour; an end user and an approver from elsewhere get none. [Q-11, L-2]"""
    place = organization()
    boss = approver(of=place)
    for _ in range(10):
        (line,) = exported(place, boss)
    assert line.grant.account == boss
    with pytest.raises(Refused) as refused:
        exported(place, boss)
    assert refused.value.code is Refusal.TOO_MANY_EXPORTS
    assert len(exported(place, boss, now=NOON + timedelta(hours=2))) == 1
    for stranger in (end_user(of=place), approver(of=organization()), desk_member(tier=2)):
        with pytest.raises(Refused) as refused:
            exported(place, stranger)
        assert refused.value.code is Refusal.NOT_TO_EXPORT
    assert Export.objects.count() == Entry.objects.filter(deed=Deed.ACCESS_EXPORTED).count() == 11
    assert Entry.objects.filter(deed=Deed.AUTHORITY_REFUSED, why=Refusal.NOT_TO_EXPORT).count() == 3


def test_names_that_look_like_formulas_are_text_in_the_file():
    """What a spreadsheet would run is quoted, in every column (AX34). [Q-11]"""
    place = organization()
    account = end_user(of=place)
    Person.objects.filter(account=account).update(first_name="=HYPERLINK(1)", last_name="@SUM")
    lines = access_lines(held_on(place, NOON.date(), applications=["spot"]), NOON.date(), now=NOON)
    data = as_csv(lines)
    assert data.startswith(b"\xef\xbb\xbf")
    head, row = csv.reader(io.StringIO(data.decode("utf-8-sig")))
    assert row[0] == "'=HYPERLINK(1) @SUM"
    assert len(head) == len(row)
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row)
