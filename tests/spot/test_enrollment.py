"""Enrollment records: issued, changed, and told to IDM exactly once in effect, through outages (F-11, G-1, O-4)."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.outbox.models import Message, State
from bailiwick.ground.program import clock
from bailiwick.ground.rulings import Refused
from bailiwick.spot.enrollment import actions
from bailiwick.spot.enrollment.jobs import send_what_idm_lacks
from bailiwick.spot.enrollment.models import EnrollmentRecord, RecordVersion
from bailiwick.spot.rules.deeds import Deed
from bailiwick.spot.rules.enrollment import Delivery, Refusal
from bailiwick.spot.rules.submitterids import is_well_formed
from bailiwick.wire.provisioning import record_from_json
from tests.spot.build_enrollment import BY, deliver_until_quiet, document, enrolled

pytestmark = pytest.mark.django_db


def try_again_now() -> None:
    """As when the waiting time between two tries has passed."""
    Message.objects.update(next_try_at=clock.now(), leased_until=None)


def test_enrolling_issues_a_submitter_id_and_sends_the_record(provider):
    """Enrolling issues the submitter ID; the worker tells IDM; until then it is on its way. [F-11]"""
    record = enrolled()
    assert is_well_formed(record.submitter_id)
    assert record.delivery is Delivery.ON_ITS_WAY
    deliver_until_quiet()
    record.refresh_from_db()
    assert record.delivery is Delivery.CONFIRMED
    assert record_from_json(provider.records[record.submitter_id]) == record.to_wire()


def test_enrolling_writes_record_version_ledger_and_call_together(provider):
    """One enrollment is one record, one version, one ledger entry and one call. [F-11, L-2]"""
    enrolled()
    counts = [EnrollmentRecord, RecordVersion, Message]
    assert [model.objects.count() for model in counts] == [1, 1, 1]
    assert Entry.objects.filter(deed=Deed.RECORD_ENROLLED.value).count() == 1


def test_tin_lies_nowhere_in_the_open(provider):
    """A TIN is sealed in record and versions, and is in neither ledger nor outbox. [A-3, F-11]"""
    enrolled(tin="000987654", tin_tag="ssn")
    rows = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            rows += [[bytes(v) if isinstance(v, memoryview) else v for v in row] for row in cursor.fetchall()]
    assert "000987654" not in repr(rows)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"legal_name": ""}, "legal_name"),
        ({"legal_name": "x" * 201}, "legal_name"),
        ({"legal_name": "a\x00b"}, "legal_name"),
        ({"kind": "hospital"}, "kind"),
        ({"tin": "12345678"}, "tin"),
        ({"tin": 123456789}, "tin"),
        ({"tin_tag": "itin"}, "tin_tag"),
        ({"zip": "3360"}, "zip"),
        ({"approver": None}, "approver"),
        ({"approver": {"name": "Ada", "email": "nowhere"}}, "approver"),
        ({"backup": "Ben"}, "backup"),
        ({"submitter_id": "MINE123"}, "submitter_id"),
        ({"version": 7}, "version"),
        ({"status": "closed"}, "status"),
        ({"surprise": "x"}, "surprise"),
    ],
)
def test_malformed_record_is_refused_and_writes_nothing(provider, changes, field):
    """Left out, too long, wrong kind, not theirs to set: named by field, and nothing is written. [F-11]"""
    with pytest.raises(Refused) as refused:
        enrolled(**changes)
    assert refused.value.code is Refusal.RECORD_MALFORMED
    assert field in refused.value.facts["problems"]
    assert not EnrollmentRecord.objects.exists()
    assert not Message.objects.exists()


def test_change_is_the_next_version_and_keeps_the_old(provider):
    """A change raises the version, keeps the old one, and IDM gets the new one. [F-12]"""
    record = enrolled()
    changed = actions.change(record=record, changes={"city": "Miami"}, by=BY, now=clock.now())
    assert changed.version == 2
    assert list(record.versions.order_by("version").values_list("version", "city")) == [
        (1, "Tampa"),
        (2, "Miami"),
    ]
    deliver_until_quiet()
    assert provider.records[record.submitter_id]["city"] == "Miami"


def test_every_version_is_told_once_and_in_order(provider):
    """The last day of who left is said by one version alone: the next one, made during an outage, does not swallow it. [O-4, G-8]"""
    record = enrolled()
    leaving = {"approver": {"name": "Nina New", "email": "nina@h.example"}, "handover_on": "2027-01-31"}
    for changes in (leaving, {"city": "Miami"}):
        actions.change(record=record, changes=changes, by=BY, now=clock.now())
    deliver_until_quiet()
    assert provider.puts == [(record.submitter_id, version) for version in (1, 2, 3)]
    second = record.versions.get(version=2).to_wire()
    assert (second.handover_on, second.tin, second.city) == ("2027-01-31", record.tin, "Tampa")


def test_a_version_that_is_refused_does_not_hold_up_the_next(provider):
    """It is set aside; what came after it is told all the same. [O-4]"""
    record = enrolled()
    answers = iter([(422, {}), (201, {})])
    provider.answers["/api/"] = lambda _form: next(answers)
    actions.change(record=record, changes={"city": "Miami"}, by=BY, now=clock.now())
    deliver_until_quiet()
    record.refresh_from_db()
    assert (record.delivery, record.refusal) == (Delivery.CONFIRMED, "")


def test_change_that_changes_nothing_is_refused(provider):
    """No version without a difference. [F-12]"""
    with pytest.raises(Refused) as refused:
        actions.change(record=enrolled(), changes={"city": "Tampa"}, by=BY, now=clock.now())
    assert refused.value.code is Refusal.RECORD_UNCHANGED


def test_change_cannot_set_what_spot_sets(provider):
    """Submitter ID, version and status are not changed by hand. [F-12]"""
    record = enrolled()
    for name, value in {"submitter_id": "OTHER12", "version": 9, "status": "closed"}.items():
        with pytest.raises(Refused):
            actions.change(record=record, changes={name: value}, by=BY, now=clock.now())
    record.refresh_from_db()
    assert record.version == 1


def test_closed_record_stays_closed(provider):
    """Closing is the last version; nothing changes it afterwards. [G-1]"""
    record = enrolled()
    actions.close(record=record, why="merged", by=BY, now=clock.now())
    deliver_until_quiet()
    assert provider.records[record.submitter_id]["status"] == "closed"
    with pytest.raises(Refused) as refused:
        actions.change(record=record, changes={"city": "Miami"}, by=BY, now=clock.now())
    assert refused.value.code is Refusal.RECORD_CLOSED
    with pytest.raises(Refused):
        actions.close(record=record, why="again", by=BY, now=clock.now())


# outages


def test_record_waits_while_idm_is_away_and_arrives_when_it_is_back(provider):
    """IDM down: the record waits on its way; IDM up: it arrives, once. [F-11, O-4]"""
    record = enrolled()
    provider.stop()
    for _ in range(3):
        deliver_until_quiet()
        try_again_now()
    record.refresh_from_db()
    assert record.delivery is Delivery.ON_ITS_WAY
    provider.start()
    deliver_until_quiet()
    record.refresh_from_db()
    assert record.delivery is Delivery.CONFIRMED
    assert provider.puts == [(record.submitter_id, 1)]


@pytest.mark.parametrize("status", [500, 502, 503, 429, 401, 403, 404, 302])
def test_answers_that_may_pass_are_tried_again(provider, status):
    """Whatever may pass is tried again, and nothing is lost. [O-4]"""
    record = enrolled()
    provider.answers["/api/"] = lambda _form: (status, {})
    deliver_until_quiet()
    record.refresh_from_db()
    assert record.delivery is Delivery.ON_ITS_WAY
    provider.answers.clear()
    try_again_now()
    deliver_until_quiet()
    record.refresh_from_db()
    assert record.delivery is Delivery.CONFIRMED


def test_token_that_is_refused_is_tried_again(provider):
    """IDM not knowing SPOT's key yet is for the operator to mend; the record waits. [O-4]"""
    record = enrolled()
    provider.answers["/token"] = lambda _form: (401, {"error": "invalid_client"})
    deliver_until_quiet()
    record.refresh_from_db()
    assert record.delivery is Delivery.ON_ITS_WAY


def test_answer_that_got_lost_is_repeated_without_harm(provider):
    """IDM took the record and the answer got lost: sent again, ignored there, confirmed here. [O-4]"""
    record = enrolled()

    def take_and_break(_form):
        provider.answers.clear()
        provider.records[record.submitter_id] = record.to_wire().to_json()
        return 500, {}

    provider.answers["/api/"] = take_and_break
    deliver_until_quiet()
    try_again_now()
    deliver_until_quiet()
    record.refresh_from_db()
    assert record.delivery is Delivery.CONFIRMED
    assert len(provider.records) == 1


def test_worker_killed_after_sending_repeats_without_harm(provider):
    """Killed between IDM's answer and noting it, the worker sends again; the effect is one. [O-4]"""
    record = enrolled()
    deliver_until_quiet()
    EnrollmentRecord.objects.update(confirmed_version=0)
    Message.objects.update(state=State.WAITING, next_try_at=clock.now(), leased_until=None)
    deliver_until_quiet()
    record.refresh_from_db()
    assert record.delivery is Delivery.CONFIRMED
    assert provider.records[record.submitter_id]["version"] == 1


def test_refused_record_is_set_aside_with_its_reason(provider):
    """What IDM refuses for good is not tried for ever, and the reason can be seen. [O-4]"""
    record = enrolled()
    provider.answers["/api/"] = lambda _form: (422, {"code": "malformed_record", "detail": "canary"})
    deliver_until_quiet()
    record.refresh_from_db()
    assert record.delivery is Delivery.REFUSED
    assert record.refusal == "422 malformed_record"
    listed = StringIO()
    call_command("records", stdout=listed)
    assert "refused by IDM (422 malformed_record)" in listed.getvalue()


def test_change_after_a_refusal_is_sent(provider):
    """The corrected version goes on its way by itself. [F-12]"""
    record = enrolled()
    provider.answers["/api/"] = lambda _form: (422, {})
    deliver_until_quiet()
    provider.answers.clear()
    actions.change(record=record, changes={"city": "Miami"}, by=BY, now=clock.now())
    deliver_until_quiet()
    record.refresh_from_db()
    assert record.delivery is Delivery.CONFIRMED


def test_nightly_comparison_sends_what_idm_lost(provider):
    """IDM was restored from an old copy: the comparison finds what it lacks and sends it. [O-4]"""
    lost, kept = enrolled(), enrolled(legal_name="Bayside Billing", kind="billing_service")
    deliver_until_quiet()
    del provider.records[lost.submitter_id]
    provider.puts.clear()
    now = clock.now()
    send_what_idm_lacks(now)
    send_what_idm_lacks(now)
    deliver_until_quiet()
    assert provider.puts == [(lost.submitter_id, 1)]
    assert kept.submitter_id in provider.records


def test_nightly_comparison_tries_refused_records_again(provider):
    """A record that was refused gets another chance every night. [O-4]"""
    record = enrolled()
    provider.answers["/api/"] = lambda _form: (422, {})
    deliver_until_quiet()
    provider.answers.clear()
    send_what_idm_lacks(clock.now() + timedelta(days=1))
    try_again_now()
    deliver_until_quiet()
    record.refresh_from_db()
    assert record.delivery is Delivery.CONFIRMED


def test_older_confirmation_never_undoes_a_newer(provider):
    """Confirmations that come late or twice change nothing. [F-11]"""
    record = enrolled()
    actions.change(record=record, changes={"city": "Miami"}, by=BY, now=clock.now())
    for version in (2, 1, 2, 99):
        actions.note_confirmed(submitter_id=record.submitter_id, version=version, by=BY, now=clock.now())
    record.refresh_from_db()
    assert record.confirmed_version == 2
    assert Entry.objects.filter(deed=Deed.RECORD_CONFIRMED.value).count() == 1


# the database is the last guard


@pytest.mark.parametrize(
    "change",
    [
        "submitter_id = (SELECT min(submitter_id) FROM spot_enrollment_enrollmentrecord)",
        "confirmed_version = version + 1",
        "version = 0",
    ],
)
def test_database_refuses_impossible_records(provider, change):
    """One row per submitter ID, versions from one, nothing confirmed before it exists. [G-1]"""
    enrolled()
    enrolled()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE spot_enrollment_enrollmentrecord SET {change}")


# commands


def test_command_enrolls_from_a_file(provider, tmp_path):
    """`enroll --file` prints the submitter ID it issued. [F-11]"""
    path, example, printed = tmp_path / "record.toml", StringIO(), StringIO()
    call_command("enroll", "--example", stdout=example)
    path.write_text(example.getvalue())
    call_command("enroll", "--file", str(path), stdout=printed)
    assert is_well_formed(printed.getvalue().strip())
    assert EnrollmentRecord.objects.get().approver_name == "Ada Example"


def test_command_prints_json(provider, tmp_path):
    """`enroll --json` is for programs. [F-11]"""
    path, example, printed = tmp_path / "record.toml", StringIO(), StringIO()
    call_command("enroll", "--example", stdout=example)
    path.write_text(example.getvalue())
    call_command("enroll", "--file", str(path), "--json", stdout=printed)
    assert json.loads(printed.getvalue())["delivery"] == "on_its_way"


@pytest.mark.parametrize("text", ["", "legal_name = 5", "x = [", 'legal_name = "only"'])
def test_command_names_what_is_wrong(provider, tmp_path, text):
    """A bad file is explained and writes nothing. [F-11]"""
    path = tmp_path / "record.toml"
    path.write_text(text)
    with pytest.raises(CommandError):
        call_command("enroll", "--file", str(path))
    assert not EnrollmentRecord.objects.exists()


def test_command_lists_records_and_sends_again(provider):
    """`records` shows where each record stands; `--send-again` sends one once more. [F-11]"""
    record, listed = enrolled(**document()), StringIO()
    deliver_until_quiet()
    provider.puts.clear()
    call_command("records", "--send-again", record.submitter_id, stdout=listed)
    deliver_until_quiet()
    assert provider.puts == [(record.submitter_id, 1)]
    call_command("records", stdout=listed)
    assert "IDM has it" in listed.getvalue()
