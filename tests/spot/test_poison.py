"""Whatever people type into SPOT, and whatever comes in an address, is text on every page, in every mail and file (AX23)."""

import csv
import io
from datetime import datetime, timedelta

import pytest
from django.test import Client

from bailiwick.ground.program import clock
from bailiwick.spot.forms import actions, queries
from bailiwick.spot.papers.queries import signed_form_pdf
from tests.poison import NAME, POISON, inert, shown_in_mails, shown_on
from tests.spot.build_desk import seated
from tests.spot.build_form_pages import Browser, opened
from tests.spot.build_forms import ANSWERS, VISITOR, token_mailed
from tests.spot.build_kinds import LISTED, filled
from tests.spot.build_services import billing_service, office, routed, served, today
from tests.spot.build_signing import code_for, sign_now
from tests.spot.test_form_lists import send, upload
from tests.spot.test_objecting import link_mailed
from tests.spot.test_papers import text_of
from tests.spot.test_service_pages import seated_in

pytestmark = pytest.mark.django_db
TYPED = dict.fromkeys(("group_name", "address_line_1", "official_title"), POISON)
FORM = {**ANSWERS, "has_list": "yes", **TYPED}


def an_hour_ago() -> datetime:
    """So that a code is mailed again."""
    return clock.now() - timedelta(hours=1)


def visiting(case) -> Browser:
    browser = Browser()
    browser.tracking = case.tracking
    browser.post(browser.at("code/send/"))
    return opened(browser)


def test_a_poisoned_form_is_text_for_everybody_who_reads_it(provider):
    """Contact, official, whoever objects, the desk: their pages and mails, the signed paper, the list. [AX23, AX34]"""
    case = filled("new-provider-office", FORM, rows=[{**LISTED, "name": POISON}], now=an_hour_ago())
    contact = visiting(case)
    actions.ask_for_signature(case=case, expected_revision=case.revision, by=VISITOR, now=clock.now())
    link = f"/sign/{token_mailed(ANSWERS['official_email'])}/"
    code = code_for(link.split("/")[2])
    assert shown_on(Client(), link) == [link]
    signature = sign_now(link.split("/")[2], case, code=code)
    stranger, objection = Client(), f"/object/{link_mailed()}/"
    assert shown_on(stranger, link, objection) == [link, objection]
    stranger.post(objection, {"reason": POISON})

    client, _session = seated(provider)
    desk = f"/desk/{case.tracking}/"
    client.post(f"{desk}take/", {"instead_of": ""})
    client.post(f"{desk}objections/", {"revision": case.revision, "called": "on", "note": POISON})
    pages = ["/desk/", desk, f"{desk}?since={POISON}", f"{desk}return/"]
    assert shown_on(client, *pages, f"/desk/?text={POISON}")[:4] == pages
    remarks = {"revision": case.revision, "note": POISON, "remark_group_name": POISON}
    assert client.post(f"{desk}return/", remarks).status_code == 302

    steps = [contact.at(f"step/{block.code}/") for block in queries.kind_of(case).blocks]
    assert len(shown_on(contact, contact.at(), contact.at("review/"), *steps)) > 4
    assert len(shown_on(contact, contact.at("list/list/"), contact.at(f"list/list/?page={POISON}"))) == 2
    table = csv.reader(io.StringIO(contact.get(contact.at("list/list/list.csv")).content.decode("utf-8-sig")))
    assert list(table)[1][0] == POISON
    assert NAME in text_of(signed_form_pdf(signature, shows_tin=False))
    assert {"form-returned", "form-signed-warning", "form-signature-invitation"} <= shown_in_mails()


def test_poison_in_names_of_files_in_bad_lines_and_in_what_cannot_be_saved_comes_back_as_text():
    """Also what was typed while the time ran out. [AX23]"""
    contact = visiting(filled("new-provider-office", FORM, now=an_hour_ago()))
    bad = ",".join(['"{}"'.format(POISON.replace('"', '""')), *["x"] * 7]).encode()
    for answer in (
        upload(contact, bad, f"{POISON}.csv"),
        send(contact, "row", **{"row-name": POISON, "row-npi": POISON}),
        Client().post(contact.at("step/contact/"), {"contact_name": POISON, "contact_fax": POISON}),
    ):
        assert answer.status_code in (403, 422)
        assert inert(answer.content.decode(), answer.request["PATH_INFO"])
    answer = upload(contact, b"%PDF-", f"{POISON}.pdf")
    assert not inert(answer.content.decode(), "file")


def test_poisoned_names_of_people_and_organizations_are_text(provider):
    """What IDM says of a person, and the records of either side of a service. [AX23]"""
    own, third = office(legal_name=POISON), billing_service()
    type(third).objects.filter(pk=third.pk).update(legal_name=POISON)
    pair = served(own, is_own=True)
    served(third)
    routed(pair, third, on=today())
    provider.told = provider.told | {"name": POISON, "preferred_username": POISON}
    client, _session = seated_in(provider, own)
    pages = ["/home/", "/account/", f"/account/{own.submitter_id}/services/"]
    assert shown_on(client, *pages) == pages
    assert shown_on(Client(), f"/?error={POISON}", f"/guides/{POISON}/", f"/forms/{POISON}/") == []
