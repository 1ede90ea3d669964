"""Keys change while everything goes on: nothing is lost, nothing is let in, and the old key opens nothing. [L-4]"""

from dataclasses import replace

import pytest
from django.conf import settings as django_settings
from django.core.management.base import CommandError

from bailiwick.ground import vault
from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.rulings import Refused
from bailiwick.ground.vault import rotation
from bailiwick.ground.vault.keyring import KeyMissingError, KeyRing
from bailiwick.ground.vault.models import KeyUse
from bailiwick.ground.vault.sealed import Sealed
from bailiwick.idm.accounts import actions as accounts
from bailiwick.idm.accounts.models import KnownSsn, Person, SsnDigest
from bailiwick.idm.accounts.queries import SSN_PLACE, born_on, holder_of, personal_facts
from bailiwick.idm.signin import hashing
from bailiwick.idm.signin.models import Password
from tests.idm.build_accounts import NOON, PASSWORD, VISITOR, account, facts
from tests.idm.build_keys import keys, own_ring

pytestmark = pytest.mark.django_db


@pytest.fixture
def ring(settings, tmp_path):
    return own_ring(settings, tmp_path)


def people(count):
    return [account() for _ in range(count)]


def silent(*_told):
    """Nobody listens to the progress."""


def test_after_a_rotation_every_value_opens_under_the_new_key_alone(ring):
    """All sealed values are made anew; without the old key the program starts and reads them. [L-4]"""
    held = {one: personal_facts(one) for one in people(3)}
    old = bytes(Person.objects.get(pk=next(iter(held)).pk).ssn_sealed)
    said = keys("rotate", "pii")
    assert "idm_accounts.person.ssn_sealed: 3 of 3" in said
    assert {bytes(row.ssn_sealed)[:3] for row in Person.objects.all()} == {vault.head("2")}
    keys("retire", "pii", "1")
    assert list(ring.ring(at_once=True).keys["pii"][1]) == ["2"]
    assert {one: personal_facts(one) for one in held} == held
    with pytest.raises(KeyMissingError):
        vault.unseal(old, place=SSN_PLACE, row=str(next(iter(held)).pk))


def test_a_rotation_that_was_broken_off_goes_on_where_it_stopped(ring, monkeypatch):
    """Killed after the first rows, the same command adds no second key and finishes the rest. [L-4]"""
    held = {one: personal_facts(one) for one in people(4)}
    monkeypatch.setattr(rotation, "ROWS", 2)
    keys("rotate", "pii", distribute=True)

    class KilledError(Exception):
        pass

    def kill(_label, done, _there):
        if done:
            raise KilledError

    django_settings.KEY_RING.provider.store(_switched(ring))
    ring.ring(at_once=True)
    with pytest.raises(KilledError):
        rotation.remake("pii", say=kill)
    halfway = {one: personal_facts(one) for one in held}
    keys("rotate", "pii")
    assert halfway == held
    assert {one: personal_facts(one) for one in held} == held
    assert list(ring.ring().keys["pii"][1]) == ["1", "2"]
    keys("retire", "pii", "1")
    assert {one: personal_facts(one) for one in held} == held


def _switched(ring) -> KeyRing:
    current = ring.ring(at_once=True)
    return KeyRing(current.keys | {"pii": ("2", current.keys["pii"][1])})


def test_a_row_that_changes_while_it_is_made_anew_keeps_the_change(ring):
    """The update looks for the value that was read: a later one is never overwritten with an older. [L-4]"""
    holder = account()
    newer = vault.seal("900009999", place=SSN_PLACE, row=str(holder.pk))

    def meddle(person):
        Person.objects.filter(pk=person.pk).update(ssn_sealed=newer)
        return str(person.pk)

    column = Sealed(Person, "ssn_sealed", SSN_PLACE, meddle)
    row = Person.objects.get(pk=holder.pk)
    made, _ = rotation._remade(column, [row])
    assert rotation._write(column, made) == 0
    assert personal_facts(holder).ssn == "900009999"


def test_a_distributed_key_is_read_with_and_not_written_with(ring):
    """Nothing is sealed with a key before every process has it. [L-4]"""
    keys("rotate", "pii", distribute=True)
    assert list(ring.ring(at_once=True).keys["pii"][1]) == ["1", "2"]
    assert vault.seal("x", place="a.b.c", row="1").startswith(vault.head("1"))
    with pytest.raises(CommandError, match="goes on with it"):
        keys("rotate", "pii", distribute=True)


def test_a_key_that_rows_still_need_is_not_retired(ring):
    """The refusal names the columns and how many rows each. [L-4]"""
    people(2)
    keys("rotate", "pii", distribute=True)
    django_settings.KEY_RING.provider.store(_switched(ring))
    with pytest.raises(CommandError, match=r"idm_accounts\.person\.ssn_sealed: 2"):
        keys("retire", "pii", "1")
    with pytest.raises(CommandError, match="in use"):
        keys("retire", "pii", "2")


def test_a_number_stays_the_same_number_under_every_key(ring):
    """Before, in the midst of and after a change of the SSN key a second claim finds the first. [A-2] [A-4] [L-4]"""
    first = account()
    told = personal_facts(first)
    accounts.verify_ssn(account=first, by=VISITOR, now=NOON)
    known = accounts.ssn_digest(told.ssn)
    twin = replace(facts(), ssn=told.ssn)
    keys("rotate", "ssn", distribute=True)
    ring.ring(at_once=True)
    assert accounts.ssn_digest(told.ssn) == known
    keys("rotate", "ssn")
    assert accounts.ssn_digest(told.ssn) == known
    assert SsnDigest.objects.filter(known__identity=known).count() == 2
    keys("retire", "ssn", "1")
    assert SsnDigest.objects.filter(known__identity=known).count() == 1
    assert holder_of(twin, ssn_digest=accounts.ssn_digest(told.ssn)) == first


def test_a_process_with_the_old_ring_and_one_with_the_new_give_a_number_one_identity(ring):
    """At every step of a rotation any two rings share a key, and the database lets each digest be there once. [A-2] [L-4]"""
    old = ring.ring(at_once=True)
    keys("rotate", "ssn", distribute=True)
    both = ring.ring(at_once=True)
    switched = KeyRing(both.keys | {"ssn": ("2", both.keys["ssn"][1])})
    new = KeyRing(both.keys | {"ssn": ("2", {"2": both.keys["ssn"][1]["2"]})})
    for number, rings in enumerate(((old, both), (both, switched), (switched, both), (switched, new))):
        ssn = f"90077000{number}"
        identities = set()
        for one in rings:
            django_settings.KEY_RING = one
            identities.add(accounts.ssn_digest(ssn))
        assert len(identities) == 1, number
    django_settings.KEY_RING = ring


def test_a_verified_number_is_one_accounts_in_the_midst_of_a_rotation(ring):
    """Two claims on one number, made under different keys: the second is void when the first is verified. [A-2] [A-5]"""
    first = account()
    told = personal_facts(first)
    keys("rotate", "ssn", distribute=True)
    both = ring.ring(at_once=True)
    django_settings.KEY_RING = KeyRing(both.keys | {"ssn": ("2", both.keys["ssn"][1])})
    second = accounts.open_account(user_id="second.one", facts=facts(ssn=told.ssn), by=VISITOR, now=NOON)
    django_settings.KEY_RING = ring
    accounts.verify_ssn(account=first, by=VISITOR, now=NOON)
    with pytest.raises(Refused):
        accounts.verify_ssn(account=second, by=VISITOR, now=NOON)


def test_the_birth_date_index_finds_people_in_the_midst_of_a_rotation(ring):
    """Candidates are looked up under both keys, and made anew under the new one. [A-5] [L-4]"""
    holder = account()
    born = personal_facts(holder).birth_date
    keys("rotate", "digest", distribute=True)
    django_settings.KEY_RING.provider.store(
        KeyRing(ring.ring(at_once=True).keys | {"digest": ("2", ring.ring().keys["digest"][1])})
    )
    ring.ring(at_once=True)
    other = account(birth_date=born)
    assert {person.account for person in born_on(born)} == {holder, other}
    keys("rotate", "digest")
    keys("retire", "digest", "1")
    assert {person.account for person in born_on(born)} == {holder, other}


def test_a_password_is_renewed_under_the_new_pepper_when_it_is_shown(ring):
    """The old pepper stays while anybody's password needs it; each holder's sign-in renews theirs. [P-3] [L-4]"""
    holder = account()
    assert "stays in the ring" in keys("rotate", "pepper")
    encoded = Password.objects.get(account=holder).encoded
    assert hashing.is_right(PASSWORD, encoded)
    assert hashing.is_outdated(encoded)
    assert hashing.encode(PASSWORD).startswith("2$")
    with pytest.raises(CommandError, match=r"idm_signin\.password\.encoded: 1"):
        keys("retire", "pepper", "1")


def test_every_change_of_a_key_is_on_the_ledger(ring):
    """Added, switched, made anew, retired: with the key's name and id, never the key. [L-2] [L-4]"""
    keys("rotate", "outbox")
    keys("retire", "outbox", "1")
    deeds = Entry.objects.filter(deed__startswith="keys:").order_by("id").values_list("deed", "about")
    assert [deed for deed, _ in deeds] == [
        f"keys:ring:{what}" for what in ("added", "switched", "remade", "retired")
    ]
    assert all(about["key"] == "outbox" for _, about in deeds)
    assert KeyUse.objects.get(name="outbox", identifier="1").retired_at


def test_numbers_that_nobody_claimed_are_forgotten(ring):
    """What was typed in a stopped registration is not kept for longer than a day. [A-2]"""
    from datetime import timedelta

    from bailiwick.ground.program import clock
    from bailiwick.idm.accounts.numbers import forget_unclaimed

    account()
    accounts.ssn_digest("900550001")
    assert KnownSsn.objects.count() == 2
    assert forget_unclaimed(before=clock.now() + timedelta(minutes=1)) == 1
    assert KnownSsn.objects.count() == 1


@pytest.mark.parametrize("column", ["ssn_sealed", "birth_date_sealed", "home_address_sealed"])
def test_two_peoples_values_that_were_exchanged_in_the_database_do_not_open(ring, column):
    """Whoever can write to the database cannot give one person another's number, birth date or home. [A-2]"""
    one, other = (Person.objects.get(pk=holder.pk) for holder in people(2))
    mine, theirs = getattr(one, column), getattr(other, column)
    Person.objects.filter(pk=one.pk).update(**{column: theirs})
    Person.objects.filter(pk=other.pk).update(**{column: mine})
    for row in (one, other):
        with pytest.raises(vault.SealBrokenError):
            personal_facts(row.account)


def test_two_values_of_one_person_that_were_exchanged_do_not_open(ring):
    """Nor can a birth date take the place of a number. [A-2]"""
    holder = Person.objects.get(pk=account().pk)
    Person.objects.filter(pk=holder.pk).update(
        ssn_sealed=holder.birth_date_sealed, birth_date_sealed=holder.ssn_sealed
    )
    with pytest.raises(vault.SealBrokenError):
        personal_facts(holder.account)


def test_nobody_has_to_be_proofed_again_because_a_key_changed(ring):
    """Whoever is proofed is so in the midst of both changes and after them, with the old keys gone. [V-1] [L-4]"""
    from bailiwick.idm.proofing.models import Case
    from bailiwick.idm.proofing.queries import is_proofed

    holder = account()
    prove(holder)
    assert is_proofed(holder)
    for name in ("digest", "ssn"):
        keys("rotate", name, distribute=True)
        both = ring.ring(at_once=True)
        django_settings.KEY_RING = KeyRing(both.keys | {name: ("2", both.keys[name][1])})
        assert is_proofed(holder), name
        django_settings.KEY_RING = ring
        keys("rotate", name)
        assert is_proofed(holder), name
        keys("retire", name, "1")
        assert is_proofed(holder), name
    assert vault.key_of_digest(Case.objects.get(account=holder).facts_digest, "digest") == "2"


def prove(holder):
    from bailiwick.idm.proofing.actions import begin_attempt, consent, store_outcome
    from bailiwick.idm.rules.proofing import Verified

    case = consent(account=holder, by=VISITOR, now=NOON)
    attempt = begin_attempt(case=case, facts=personal_facts(holder), by=VISITOR, now=NOON)
    store_outcome(attempt=attempt, outcome=Verified(), by=VISITOR, now=NOON)


def test_a_tin_is_found_under_every_key_whichever_kind_it_is(ring):
    """An EIN's digest and a sole owner's stretched one stand in one column; each goes with its own key. [G-1] [G-2] [L-4]"""
    from bailiwick.idm.organizations.models import EnrollmentRecord
    from bailiwick.idm.organizations.queries import match_enrollment
    from tests.idm.build_access import enrollment

    held = [enrollment(tin="980000771", tin_tag="ein"), enrollment(tin="900000772", tin_tag="ssn")]

    def found():
        return [
            match_enrollment(submitter_id=one.submitter_id, legal_name=one.legal_name, tin=tin) == one
            for one, tin in zip(held, ("980000771", "900000772"), strict=True)
        ]

    assert found() == [True, True]
    for name in ("ssn", "digest"):
        keys("rotate", name, distribute=True)
        ring.ring(at_once=True)
        assert found() == [True, True]
        keys("rotate", name)
        keys("retire", name, "1")
        assert found() == [True, True]
    assert EnrollmentRecord.objects.count() == 2
