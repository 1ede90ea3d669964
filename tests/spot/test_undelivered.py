"""What could not be delivered, on the page of SPOT's desk (N-2)."""

from datetime import timedelta

import pytest

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.outbox.delivery import BouncedError, deliver_due
from bailiwick.ground.outbox.models import Message, State
from bailiwick.ground.program import clock
from bailiwick.spot.enrollment.models import EnrollmentRecord
from bailiwick.spot.rules.deeds import Deed
from bailiwick.spot.services import actions as services
from bailiwick.spot.services import queries
from bailiwick.spot.signin.models import Session
from tests.spot.build_desk import seated, submitted_case
from tests.spot.build_enrollment import BY
from tests.spot.build_services import billing_service, office, served, today
from tests.spot.build_signin import signed_in

pytestmark = pytest.mark.django_db
LIST, AGAIN = "/desk/undelivered/", "/desk/undelivered/{}/retry/"


def refused_by_the_mail_server(_parcel):
    raise BouncedError("5.1.1")


def fail_all():
    deliver_due(clock.now(), channels={"email": refused_by_the_mail_server}, clock=clock.now)


def test_the_desk_sees_what_no_mail_server_took_and_sends_it_again(provider):
    """Masked, with the form it was about; one more try, on the ledger; a code is not sent twice. [N-2, H-3, L-2]"""
    case = submitted_case()
    fail_all()
    client, _ = seated(provider)
    text = client.get(LIST).content.decode()
    assert f'href="/desk/{case.tracking}/"' in text
    assert case.contact_email not in text
    assert "Nothing: it was a code or a link, or it is too old." in text
    message = Message.objects.exclude(body=b"").filter(state=State.BOUNCED).latest("pk")
    assert client.post(AGAIN.format(message.pk))["Location"] == f"{LIST}?again"
    assert Message.objects.get(pk=message.pk).state == State.WAITING
    code = Message.objects.filter(state=State.BOUNCED, body=b"").latest("pk")
    for number, status in ((message.pk, 409), (code.pk, 409), (2**63, 404)):
        assert client.post(AGAIN.format(number)).status_code == status
    assert Entry.objects.filter(deed=Deed.NOTICE_TRIED_AGAIN.value).count() == 1


def test_a_notice_about_a_mandate_leads_to_its_organization(provider):
    """No form is behind it: whoever has that mailbox is looked for among the records. [N-2, E-5]"""
    own, third = office(), billing_service()
    served(own, is_own=True)
    served(third)
    EnrollmentRecord.objects.filter(pk=third.pk).update(approver_email="Bea@bayside.example")
    mandate = queries.mandates_of(own, day=today()).get()
    services.end_mandate(affiliation=mandate, ender=own, on=today(), by=BY, now=clock.now())
    fail_all()
    client, _ = seated(provider)
    assert f'href="/desk/registry/{third.submitter_id}/"' in client.get(LIST).content.decode()


def test_sending_again_needs_a_second_step_of_the_last_minutes(provider):
    """Looking does not; the page leads to the step and back. [N-2, S-6]"""
    submitted_case()
    fail_all()
    client, session = seated(provider)
    Session.objects.filter(pk=session.pk).update(auth_time=clock.now() - timedelta(minutes=6))
    message = Message.objects.exclude(body=b"").latest("pk")
    assert client.get(LIST).status_code == 200
    answer = client.post(AGAIN.format(message.pk))
    assert answer.status_code == 403
    assert "again=1" in answer.content.decode()
    assert Message.objects.get(pk=message.pk).state == State.BOUNCED


def test_the_list_is_closed_to_others(provider):
    """An approver finds no such page, and that they tried is on the ledger. [N-2, H-2, AX18]"""
    client, _ = signed_in(provider)
    assert client.get(LIST).status_code == 403
    assert client.post(AGAIN.format(1)).status_code == 403
    assert Entry.objects.filter(deed=Deed.DESK_REFUSED.value).count() == 2
