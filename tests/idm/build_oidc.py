"""A relying application played by the test, and people who come to it, as plain functions."""

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

from django.conf import settings
from django.test import Client
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from bailiwick.ground.program import clock
from bailiwick.ground.rulings import By
from bailiwick.idm.access.actions import grant_by_bootstrap
from bailiwick.idm.access.models import Grant
from bailiwick.idm.accounts.actions import open_account
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.applications.queries import catalogue
from bailiwick.idm.organizations.actions import claim, put_record
from bailiwick.idm.organizations.models import EnrollmentRecord, Organization
from bailiwick.idm.protocols.oidc import clients, machine_views
from bailiwick.idm.rules.accounts import Address, PersonalFacts
from bailiwick.idm.sessions import actions as sessions
from bailiwick.wire import provisioning

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
VISITOR = By(actor="visitor", source="192.0.2.7")

CASEY = PersonalFacts(
    first="Casey",
    middle="",
    last="Underhill",
    suffix="",
    birth_date=date(1984, 5, 6),
    ssn="",
    address=Address(line_1="4 Fern Court", city="Tampa", state="FL", zip="33601"),
    phone="2025550144",
    email="casey@example.org",
)


def account(**facts: object) -> Account:
    """Somebody with an account and nothing else."""
    mark = secrets.token_hex(4)
    changes = {"email": f"casey-{mark}@example.org", **facts}
    return open_account(user_id=f"casey-{mark}", facts=replace(CASEY, **changes), by=VISITOR, now=clock.now())


def organization(name: str = "Fernwood Family Practice") -> Organization:
    submitter_id = f"T{secrets.token_hex(4).upper()}"
    record = provisioning.EnrollmentRecord(
        submitter_id=submitter_id,
        version=1,
        legal_name=name,
        kind="provider_office",
        tin="980000001",
        tin_tag="ein",
        address="1 Main Street",
        phone="2025550100",
        city="Tampa",
        state="FL",
        zip="33601",
        status="active",
        approver=provisioning.PersonOfRecord(name="Avery Quillfeather", email="avery@example.org"),
    )
    put_record(
        application="spot", submitter_id=submitter_id, version=1, record=record, by=VISITOR, now=clock.now()
    )
    row = EnrollmentRecord.objects.get(submitter_id=submitter_id)
    return claim(record=row, by=VISITOR, now=clock.now())


def member(role: str = "end-user", application: str = "spot") -> Account:
    """Somebody who holds a live role."""
    person = account()
    add_grant(person, role=role, application=application)
    return person


def add_grant(person: Account, *, role: str = "end-user", application: str = "spot") -> Grant:
    return grant_by_bootstrap(
        account=person,
        application=application,
        role=role,
        organization=organization(),
        by=By("command"),
        now=clock.now(),
    )


def cookie_of(person: Account, factor: str = "totp", *, ago: timedelta = timedelta(0)) -> str:
    """The session cookie of a fresh sign-in, made `ago`."""
    now = clock.now() - ago
    session, _ = sessions.begin(account=person, by=VISITOR, now=now)
    return sessions.complete(session=session, factor=factor, stage="full", by=VISITOR, now=now)


def browser(person: Account | None = None, factor: str = "totp", *, ago: timedelta = timedelta(0)) -> Client:
    """A browser, signed in if there is a person."""
    client = Client()
    if person is not None:
        client.cookies[settings.SESSION_COOKIE_NAME] = cookie_of(person, factor, ago=ago)
    return client


def challenge_of(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


@dataclass
class Application:
    """A relying application with its own key. `verifier` is the one its authorization requests stand on."""

    client_id: str
    key: ECKey = field(
        default_factory=lambda: ECKey.generate_key("P-256", {"kid": "test", "use": "sig"}, private=True)
    )
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))

    @property
    def entry(self):
        return catalogue().by_client(self.client_id).client

    @property
    def redirect_uri(self) -> str:
        return self.entry.redirect_uris[0]

    def parameters(self, **changes: str | None) -> dict[str, str]:
        """An authorization request; None leaves a parameter out."""
        asked = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "scope": "openid profile email",
            "state": "state-" + secrets.token_hex(8),
            "nonce": "nonce-" + secrets.token_hex(8),
            "code_challenge": challenge_of(self.verifier),
            "code_challenge_method": "S256",
        }
        return {name: value for name, value in (asked | changes).items() if value is not None}

    def claims(self, **changes: object) -> dict[str, object]:
        now = int(clock.now().timestamp())
        claims = {
            "iss": self.client_id,
            "sub": self.client_id,
            "aud": settings.BASE_URL,
            "iat": now,
            "exp": now + 60,
            "jti": secrets.token_urlsafe(16),
        }
        return {name: value for name, value in (claims | changes).items() if value is not None}

    def assertion(self, *, header: dict[str, object] | None = None, **changes: object) -> str:
        head = {"alg": "ES256", "kid": self.key.kid} | (header or {})
        return jwt.encode(head, self.claims(**changes), self.key, [head["alg"]])

    def signed(self, **form: str | None) -> dict[str, str]:
        """A form with the client's authentication."""
        whole = {"client_assertion_type": ASSERTION_TYPE, "client_assertion": self.assertion(), **form}
        return {name: value for name, value in whole.items() if value is not None}

    def exchange(self, code: str, **changes: str | None) -> dict[str, str]:
        """The token request for a code."""
        usual = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.redirect_uri,
            "code_verifier": self.verifier,
        }
        return self.signed(**(usual | changes))


def use_keys(directory: Path, *applications: Application) -> None:
    """Let the applications' public keys be those that IDM knows, and read the catalogue anew."""
    values = dict(settings.APPLICATION_VALUES)
    for application in applications:
        path = directory / f"{application.client_id}.jwks.json"
        path.write_text(json.dumps(KeySet([application.key]).as_dict(private=False)))
        values[f"{application.client_id}_keys_file"] = str(path)
    settings.APPLICATION_VALUES = values
    forget_catalogue()


def forget_catalogue() -> None:
    for remembered in (catalogue, clients._registered, machine_views._configuration):
        remembered.cache_clear()


def post(path: str, form: dict[str, str], **extra: str):
    """A machine's POST: a form in the body, no cookie."""
    return Client().post(path, urlencode(form), content_type="application/x-www-form-urlencoded", **extra)


def answer_of(response) -> dict[str, str]:
    """The parameters that a redirect brought to the application."""
    return {name: values[0] for name, values in parse_qs(urlsplit(response["Location"]).query).items()}


def code_for(application: Application, person: Account, **changes: str | None) -> str:
    """An authorization code, got the way a browser gets it."""
    response = browser(person).get("/oidc/authorize", application.parameters(**changes))
    return answer_of(response)["code"]


def tokens_for(application: Application, person: Account, **changes: str | None) -> dict[str, object]:
    response = post("/oidc/token", application.exchange(code_for(application, person, **changes)))
    assert response.status_code == 200, response.content
    return response.json()


def unsigned_claims(token: str) -> dict[str, object]:
    """What a token says, whoever signed it."""
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
