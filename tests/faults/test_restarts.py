"""What was used once is used, and what waits goes on waiting, whatever process answers next (AX07, AX08)."""

import json
from urllib.parse import urlsplit

import pytest

from tests.faults import steps
from tests.faults.client import Person, Sent
from tests.idm.build_webauthn import SoftwareKey

pytestmark = pytest.mark.slow


def asks(person: Person, path: str) -> str:
    """The question to a passkey, as the page's script asks for it."""
    headers = {"X-CSRFToken": person.http.cookies.get("idm_csrf") or _token(person)}
    answer = person.http.post(f"{person.programs.idm_url}{path}", headers=headers)
    assert answer.status_code == 200, answer.text
    return json.dumps(answer.json())


def _token(person: Person) -> str:
    return next(value for name, value in person.http.cookies.items() if "csrf" in name)


def answers(person: Person, path: str, **fields: str) -> Sent:
    """A form with what the passkey said."""
    return Sent(
        f"{person.programs.idm_url}{path}",
        [("csrfmiddlewaretoken", _token(person)), *fields.items()],
    )


def test_a_number_is_used_up_for_the_next_process_too(world, newcomer):
    """The authenticator's number that signed in before IDM was killed signs nobody in after it. [S-3, AX07]"""
    person = world.person(newcomer())
    steps.register(person)
    steps.sign_in(person)
    steps.add_authenticator(person)
    steps.sign_out(person)
    steps.sign_in(person)
    steps.sign_out(person)
    world.restart("idm")
    steps.give_password(person)
    person.press(factor="totp", code=person.codes[-1])
    assert steps.path(person) == "/sign-in/verify/", str(person.page)
    steps.take_number(person)
    assert steps.path(person) != "/sign-in/verify/", str(person.page)


def test_a_passkey_challenge_is_answered_once_across_processes(world, newcomer):
    """One that waits is good after a restart, once; its answer sent again to the next process opens nothing. [S-4, AX08]"""
    person = world.person(newcomer())
    site = urlsplit(person.programs.idm_url)
    key = SoftwareKey(site=site.hostname, origin=f"{site.scheme}://{site.netloc}")
    steps.register(person)
    steps.sign_in(person)
    person.go("/profile/mfa/add/passkey/")
    adding = key.create(asks(person, "/profile/mfa/passkey/options/"))
    world.restart("idm")
    added = answers(person, "/profile/mfa/add/passkey/", name="Laptop", assertion=adding)
    person.send(added)
    assert steps.path(person) == "/profile/mfa/", str(person.page)
    person.send(added)
    assert len([row for row in world.idm.rows("idm_signin_passkey") if row["name"] == "Laptop"]) == 1
    steps.sign_out(person)
    person.go("/sign-in/passkey/")
    assertion = key.get(asks(person, "/sign-in/passkey/options/"))
    world.restart("idm")
    entering = answers(person, "/sign-in/passkey/", terms="on", assertion=assertion)
    flow = {name: value for name, value in person.http.cookies.items() if name.endswith("_passkey")}
    person.send(entering)
    assert steps.path(person) != "/sign-in/passkey/", str(person.page)
    steps.sign_out(person)
    world.restart("idm")
    thief = world.person(person.facts)
    thief.go("/sign-in/passkey/")
    thief.http.cookies.update(flow)
    thief.send(answers(thief, "/sign-in/passkey/", terms="on", assertion=assertion))
    assert steps.path(thief) == "/sign-in/passkey/", str(thief.page)
