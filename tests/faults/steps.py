"""What people do, from registering to leaving SPOT; each function goes on from wherever the person stands.

Any of them can be interrupted by a kill (`Person.after_post`): they read where they are from the page, as people do.
"""

import re
from urllib.parse import urlsplit

from tests.faults.client import Person, Sent

NUMBER = re.compile(r"R-[0-9A-Z]{4}-[0-9A-Z]{4}")
GRANT = re.compile(r"/manage-users/roles/([0-9a-f-]{36})/remove/")


def personal_information(person: Person) -> None:
    """Step 1 of registration."""
    facts = person.facts
    month, day, year = facts.birth
    person.go("/register/")
    person.press(
        first_name=facts.first,
        last_name=facts.last,
        birth_date_month=month,
        birth_date_day=day,
        birth_date_year=year,
        ssn=facts.ssn,
        email=facts.email,
        email_again=facts.email,
        terms="on",
    )


def contact_information(person: Person) -> None:
    """Step 2."""
    facts = person.facts
    person.press(
        in_us="yes",
        line_1=facts.address,
        city=facts.city,
        state=facts.state,
        zip=facts.zip,
        phone=facts.phone,
        text_capable="no",
    )


def user_id_and_password(person: Person) -> None:
    """Step 3, Submit."""
    person.send(registration_to_submit(person))
    note_registered(person)


def registration_to_submit(person: Person) -> Sent:
    """Step 3 filled in, not yet sent."""
    facts = person.facts
    form = person.page.form("user_id", "password")
    filled = form.filled(
        user_id=facts.user_id,
        password=person.password,
        password_again=person.password,
        question="childhood_street",
        answer=facts.answer,
    )
    return Sent(form.action, filled)


def note_registered(person: Person) -> None:
    """The result page is the acknowledgment."""
    assert path(person) == "/register/done/", str(person.page)
    person.book.accounts.add(person.facts.user_id)


def register(person: Person) -> None:
    """All of registration (R-1)."""
    personal_information(person)
    contact_information(person)
    user_id_and_password(person)


def give_password(person: Person) -> None:
    """User ID, password, terms."""
    if not person.page.has_form("user_id", "password", "terms"):
        person.go("/")
    person.press(user_id=person.facts.user_id, password=person.password, terms="on")
    assert path(person) == "/sign-in/verify/", str(person.page)


def take_code_by_mail(person: Person) -> None:
    """The second step of those who have nothing else."""
    already = len(person.mailed_codes())
    person.press(send="email")
    person.press(code=person.wait_for_code(already))


def take_number(person: Person) -> None:
    """The second step of those who have an authenticator, also in a step-up."""
    person.press(factor="totp", code=person.fresh_number())


def sign_in(person: Person) -> None:
    """Both steps, from the sign-in page or wherever it was shown instead of another."""
    give_password(person)
    take_number(person) if person.authenticator else take_code_by_mail(person)
    assert path(person) != "/sign-in/verify/", str(person.page)


def add_authenticator(person: Person) -> None:
    """An authenticator app, from My Profile (S-3)."""
    person.go("/profile/mfa/add/totp/")
    person.press("name", name="My phone")
    secret = re.search(r"\b(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}\b", person.page.text)
    assert secret, str(person.page)
    person.authenticator = secret[0].replace(" ", "")
    person.press(code=person.fresh_number())
    assert path(person) == "/profile/mfa/", str(person.page)


def choose_role(person: Person, role: str) -> None:
    """The wizard's first two pages."""
    person.go("/role-request/")
    person.press(application="spot")
    person.press(role=role)


def choose_another_role(person: Person, role: str) -> None:
    """Back to the wizard's second page."""
    person.go("/role-request/role/")
    person.press(role=role)


def prove_identity(person: Person) -> None:
    """Consent and details; the bureau verifies whoever is in its file."""
    if person.page.has_form("agreed"):
        person.press(agreed="on")
    if person.page.has_form("birth_date_month"):
        person.press("birth_date_month")
    person.go("/role-request/")
    assert "/identity/" not in path(person), str(person.page)


def create_organization(person: Person, submitter_id: str, legal_name: str, tin: str) -> None:
    """Create an Organization, by what was mailed when its form was approved (G-2)."""
    if path(person) != "/role-request/organization/create/":
        person.go("/role-request/organization/create/")
    person.press(
        submitter_id=submitter_id,
        legal_name=legal_name,
        tin=tin,
        address="77 Heron Lake Road",
        city="Orlando",
        state="FL",
        zip="32801",
        phone="2025550164",
    )
    assert path(person) == "/role-request/review/", str(person.page)


def pick_organization(person: Person, words: str) -> None:
    """Search, and select the first that is found (G-5)."""
    person.go("/role-request/organization/search/")
    person.press("city", name=words)
    form = person.page.form("organization")
    chosen = re.search(r'name="organization" value="([0-9a-f-]+)"', person.page.html)
    person.send(Sent(form.action, form.filled(organization=chosen[1])))
    assert path(person) == "/role-request/review/", str(person.page)


def submit_request(person: Person, reason: str = "I work here.") -> str:
    """Review and submit; the number is the acknowledgment."""
    person.send(request_to_submit(person, reason))
    return note_submitted(person)


def request_to_submit(person: Person, reason: str = "I work here.") -> Sent:
    """The review page filled in, not yet sent."""
    form = person.page.form("draft", "seen", "reason")
    return Sent(form.action, form.filled(reason=reason))


def note_submitted(person: Person) -> str:
    """The confirmation number on the page."""
    assert path(person).startswith("/role-request/submitted/"), str(person.page)
    number = NUMBER.search(person.page.text)[0]
    person.book.requests[number] = "pending"
    return number


def open_request(person: Person, number: str) -> None:
    """A request's page, ready to decide: signed in and freshly verified."""
    person.go(f"/requests/{number}/")
    pass_doors(person)
    if not person.page.has_form("digest") and any(link.endswith("/verify/") for link in person.page.links):
        person.go(person.page.link(number, "/verify/"))
        pass_doors(person)


def pass_doors(person: Person) -> None:
    """Sign in or verify, whatever stands in the way."""
    if person.page.has_form("user_id", "password", "terms"):
        sign_in(person)
    elif path(person) == "/sign-in/verify/":
        take_number(person)


def decision(person: Person, approve: bool, reason: str = "") -> Sent:
    """The decision as it will be sent from the page that shows the request."""
    form = person.page.form("digest", "comment" if approve else "reason")
    return Sent(form.action, form.filled(**({"comment": reason} if approve else {"reason": reason or "No."})))


def decide(person: Person, number: str, *, approve: bool, reason: str = "") -> None:
    """Approve or deny; the page after it is the acknowledgment."""
    open_request(person, number)
    person.send(decision(person, approve, reason))
    assert person.page.status == 200, str(person.page)
    person.book.requests[number] = "approved" if approve else "denied"


def remove_role(person: Person, user_id: str, reason: str = "Left.") -> str:
    """Remove the first removable role of somebody, under Help Desk / Manage Users; returns the grant's id."""
    person.go("/manage-users/")
    pass_doors(person)
    person.press(text=user_id)
    person.go(person.page.link("/manage-users/roles/", "/remove/"))
    pass_doors(person)
    grant = GRANT.search(person.page.url)[1]
    none_left = {"none_left": "on"} if person.page.has_form("none_left") else {}
    person.press(reason=reason, **none_left)
    assert path(person).endswith("/removed/"), str(person.page)
    person.book.ended_roles.add(grant)
    return grant


def end_user(person: Person, approver: Person, words: str = "sandpiper family") -> Person:
    """Make somebody an end user, from registering to the approver's decision."""
    register(person)
    sign_in(person)
    choose_role(person, "end-user")
    prove_identity(person)
    pick_organization(person, words)
    decide(approver, submit_request(person), approve=True)
    return person


def enter_spot(person: Person) -> None:
    """Sign in to SPOT through IDM; ends on SPOT's Home or on IDM's page that says why not."""
    person.go(f"{person.programs.spot_url}/sign-in/")
    pass_doors(person)


def is_in_spot(person: Person) -> bool:
    """Whether SPOT shows this browser My IDM Account; looks once, follows nowhere."""
    answer = person.http.get(f"{person.programs.spot_url}/account/")
    return answer.status_code == 200


def sign_out(person: Person) -> None:
    """Sign out of IDM."""
    person.go("/home/")
    person.press(to="/sign-out/")


def path(person: Person) -> str:
    return urlsplit(person.page.url).path
