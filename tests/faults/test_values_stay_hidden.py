"""One person walks through everything; afterwards nothing of what they typed lies where it does not belong."""

import base64
import hashlib
import re
import time
from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from tests.faults import steps
from tests.faults.canaries import codes_of, keys_of, opened, personal_of, secrets_of, sightings
from tests.faults.cast import somebody
from tests.ground.build_uploads import document

pytestmark = pytest.mark.slow

PASSWORD = "Vermilion-Kestrel-83-Understory"
ANSWER = "Thimbleberry Overpass Rd"
ADDRESS = "7741 Canarygrass Crescent"
REASON = "I post payments."
CASE = re.compile(r"/manage-users/(?:corrections|duplicates)/[0-9a-f-]{36}/")
NEW_NUMBER = "900771864"
DOCUMENT = "Zibellinewort certificate of Larch County"


@pytest.fixture(scope="session")
def walked(running, newcomer):
    """Somebody who registered, mistyped, signed in, was proofed, asked, was approved, worked, was removed."""
    facts = replace(newcomer(), last="Quetzalwick", address=ADDRESS, password=PASSWORD, answer=ANSWER)
    person, ana = running.person(facts), running.staff("ana.ruiz")
    register_with_mistakes(person)
    sign_in_with_mistakes(person)
    steps.add_authenticator(person)
    steps.choose_role(person, "provider-office-approver")
    correct_name_and_prove(running, person)
    claim_what_is_not_theirs(person)
    steps.choose_another_role(person, "end-user")
    steps.pick_organization(person, "sandpiper family")
    steps.decide(ana, steps.submit_request(person, REASON), approve=True)
    look_around(running, person)
    ask_for_another_number(running, person)
    look_like_another(running, person)
    steps.remove_role(ana, facts.user_id)
    person.go(f"{running.programs.spot_url}/account/")
    person.keys = keys_of(person)
    steps.sign_out(person)
    register_again(running, person)
    running.wait_until_delivered()
    return person


def register_with_mistakes(person):
    """The first form is sent once with a birth date that does not exist, and the last with a short password."""
    facts = person.facts
    steps.personal_information(person)
    person.go("/register/")
    person.press(email="not an address", ssn=facts.ssn, email_again=facts.email)
    steps.personal_information(person)
    steps.contact_information(person)
    person.press(
        user_id=facts.user_id,
        password=facts.password,
        password_again=facts.password + "x",
        question="childhood_street",
        answer=facts.answer,
    )
    steps.user_id_and_password(person)
    assert person.page.status == 200


def sign_in_with_mistakes(person):
    """The password in the wrong field, then wrong, then right; a wrong code, then the right one."""
    facts = person.facts
    person.go("/")
    person.press(user_id=facts.password, password=facts.password, terms="on")
    # What is typed into a field that everybody can read is shown there again.
    person.bodies.pop()
    person.press(user_id=facts.user_id, password=facts.password + "x", terms="on")
    steps.give_password(person)
    already = len(person.mailed_codes())
    person.press(send="email")
    code = person.wait_for_code(already)
    person.press(code="000000" if code != "000000" else "111111")
    person.press(code=code)


def correct_name_and_prove(world, person):
    """The bureau knows the person by the name of its file."""
    person.press(agreed="on")
    known = world.known_to_the_bureau(person.facts)
    person.press(last=known.last, line_1=ADDRESS, ssn=person.facts.ssn)
    person.go("/role-request/")


def claim_what_is_not_theirs(person):
    """Create an Organization with the SSN as TIN and as submitter ID: nothing like it is enrolled."""
    ssn = person.facts.ssn
    person.go("/role-request/organization/create/")
    person.press(
        submitter_id=ssn, legal_name=f"Practice {ssn}", tin=ssn, address=ADDRESS, city="Orlando", state="FL",
        zip="32801", phone=person.facts.phone,
    )  # fmt: skip
    assert "do not match" in person.page.text, str(person.page)
    # The submitter ID and the name are fields that everybody can read.
    person.bodies.pop()


def look_around(world, person):
    """SPOT, every page of their own, addresses that are none; and the desk looks at the person."""
    steps.enter_spot(person)
    assert steps.is_in_spot(person), str(person.page)
    for page in ("/home/", "/profile/", "/roles/", "/profile/mfa/", f"{world.programs.spot_url}/account/"):
        person.go(page)
    for mistyped in (person.facts.ssn, f"900-00-{person.facts.ssn[5:]}"):
        person.http.get(f"{world.programs.idm_url}/requests/{mistyped}/")
        person.http.get(f"{world.programs.spot_url}/{mistyped}/", params={"q": mistyped})
    todd = world.staff("todd.twomey")
    for words in (person.facts.email, person.facts.last, person.facts.user_id):
        todd.go("/manage-users/")
        steps.pass_doors(todd)
        todd.press(text=words, reason="Call 4711")


def ask_for_another_number(world, person):
    """A correction request with a document, its file named after the number; tier 3 looks, opens, reveals and denies."""
    person.also |= {"new SSN": NEW_NUMBER, "document": DOCUMENT}
    person.go("/profile/corrections/ask/ssn/")
    steps.pass_doors(person)
    written = document(lambda writer: writer.add_metadata({"/Title": DOCUMENT}))
    assert DOCUMENT.encode() in written
    person.attach("document", (f"card {NEW_NUMBER}.pdf", b"MZ"), ssn=NEW_NUMBER, reason="The card says so.")
    assert "is not a PDF" in person.page.text, str(person.page)
    person.attach("document", (f"card {NEW_NUMBER}.pdf", written), ssn=NEW_NUMBER, reason="The card says so.")
    assert "on its way" in person.page.text, str(person.page)
    thea = world.staff("thea.trent")
    thea.go("/manage-users/corrections/")
    steps.pass_doors(thea)
    thea.go(first_case(thea))
    case = steps.path(thea)
    thea.press(reason="In the queue")
    for value in ("ssn", "new_ssn"):
        thea.go(f"{case}reveal/{value}/")
        steps.pass_doors(thea)
        thea.press(reason="To compare with the card")
        assert person.facts.ssn not in thea.page.html
    thea.go(f"{case}document/")
    thea.go(case)
    thea.press(verdict="deny", reason="The card is another person's.")
    person.trail += thea.trail


def look_like_another(world, person):
    """Somebody with two digits swapped and the same birth date registers: tier 3 gets a case and reveals both numbers."""
    facts = person.facts
    other = world.person(
        replace(facts, user_id="canary.twin", email="canary.twin@faults.example", ssn=swapped(facts.ssn))
    )
    person.also["other's SSN"] = other.facts.ssn
    steps.register(other)
    world.idm.change("UPDATE idm_accounts_person SET facts_at = '2026-01-01 00:00:00+00:00'")
    thea = world.staff("thea.trent")
    deadline = time.monotonic() + 150
    while "/manage-users/duplicates/" not in " ".join(
        link for link in thea.page.links if link.count("-") > 2
    ):
        assert time.monotonic() < deadline, str(thea.page)
        time.sleep(2)
        thea.go("/manage-users/duplicates/")
        steps.pass_doors(thea)
    thea.go(first_case(thea))
    case = steps.path(thea)
    thea.press(reason="In the queue")
    for side in ("first", "second"):
        for value in ("ssn", "birth_date", "address"):
            thea.go(f"{case}{side}/reveal/{value}/")
            steps.pass_doors(thea)
            thea.press(reason="To compare both")
    thea.go(f"{case}different/")
    steps.pass_doors(thea)
    thea.press(reason="Two people, as both said on the phone")
    person.trail += thea.trail + other.trail


def first_case(desk):
    """Where the queue's first line leads; "" where nothing waits."""
    return next((link for link in desk.page.links if CASE.fullmatch(urlsplit(link).path)), "")


def swapped(ssn: str) -> str:
    """The last two neighboring digits that differ, in each other's place."""
    at = next(place for place in range(7, 2, -1) if ssn[place] != ssn[place + 1])
    return ssn[:at] + ssn[at + 1] + ssn[at] + ssn[at + 2 :]


def register_again(world, person):
    """The same person in another browser: stopped, and not told so (A-4)."""
    other = world.person(replace(person.facts, user_id="somebody.else"))
    steps.personal_information(other)
    steps.contact_information(other)
    other.send(steps.registration_to_submit(other))
    assert steps.path(other) == "/register/done/"
    person.trail += other.trail
    person.bodies += other.bodies


def test_the_search_finds_what_it_looks_for(world):
    """Each writing of each value is found where it stands, so that finding nothing means something. [L-1]"""
    person = world.person(replace(somebody(0), answer=ANSWER))
    person.authenticator = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    person.codes = ["123456"]
    writings = {**secrets_of(person), **codes_of(person), **personal_of(person)}
    ssn = person.facts.ssn
    for planted in (
        f"ssn={ssn}", f"{ssn[:3]}-{ssn[3:5]}-{ssn[5:]},", base64.b64encode(ssn.encode()).decode(), ssn.encode().hex(),
        hashlib.sha256(ssn.encode()).hexdigest(), "1950-01-01", ANSWER.lower(), person.authenticator,
        "your code is 123456.", "/people/Ada.Alder/", "to=ada.alder%40faults.example",
    ):  # fmt: skip
        assert list(sightings("a test", [planted], writings)), planted
    for harmless in ("2026-11-22T06:38:15.123456Z", f"{ssn}2", "a1123456b", "Alderman"):
        assert not list(sightings("a test", [harmless], writings)), harmless


def test_no_personal_value_is_in_logs_ledgers_or_addresses(world, walked):
    """Nothing that a person types or is sent is in any log, on any ledger, or in any address. [L-1 A-3 N-2]"""
    writings = {**secrets_of(walked), **codes_of(walked), **personal_of(walked), **walked.keys}
    ledger = [str(entry) for database in (world.idm, world.spot) for entry in database.rows("ledger_entry")]
    found = [
        *sightings("a log", world.programs.logs().splitlines(), writings),
        *sightings("the ledger", ledger, writings),
        *sightings("an address", opened(walked.trail), writings),
    ]
    assert not found, "\n".join(found)


def test_no_secret_lies_open_in_the_databases(world, walked):
    """Whoever copies both databases reads no SSN, birth date, address, password, answer, key or live code. [A-2 P-3 S-2 S-3]"""
    writings = {**secrets_of(walked), **walked.keys}
    codes = codes_of(walked)
    found = []
    for name, database in (("IDM", world.idm), ("SPOT", world.spot)):
        for table, row in database.dump():
            is_letter = table == "outbox_developmentmail" and b'"letter"' in row
            found += sightings(f"{name}'s {table}", [row], on_letters(writings) if is_letter else writings)
            if table != "outbox_developmentmail":
                found += sightings(f"{name}'s {table}", [row], codes)
    assert not found, "\n".join(found)


def test_mails_and_pages_show_no_secret(world, walked):
    """No mail carries a secret but a code in its own mail; no page gives back what was typed into a secret field. [N-2 A-3]"""
    mails = world.idm.rows("outbox_developmentmail")
    texts = [f"{mail['subject']} {mail['text']} {mail['html']}" for mail in mails]
    others = [text for text, mail in zip(texts, mails, strict=True) if not mail["key"].startswith("code:")]
    letters = [text for text, mail in zip(texts, mails, strict=True) if mail["channel"] == "letter"]
    assert any(ADDRESS in letter for letter in letters)
    found = [
        *sightings("a letter", letters, on_letters(secrets_of(walked))),
        *sightings("a mail", [text for text in texts if text not in letters], secrets_of(walked)),
        *sightings("a mail", others, codes_of(walked)),
        *sightings("a page", walked.bodies, pages_may_not_show(walked)),
    ]
    assert not found, "\n".join(found)


def on_letters(writings):
    """On paper the address stands, and only there: here the development mailbox is the mail house (V-7)."""
    return {name: what for name, what in writings.items() if not name.startswith("home address")}


def pages_may_not_show(person):
    """The holder's own pages show birth date and address, and once the authenticator's secret; never the rest."""
    shown = ("birth date", "home address", "authenticator")
    return {name: what for name, what in secrets_of(person).items() if not name.startswith(shown)}
