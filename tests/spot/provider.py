"""An identity provider that tests own: real HTTP on a random port, right by default, wrong in exactly the way a test says."""

import base64
import hashlib
import hmac
import json
import secrets
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from bailiwick.ground.program import clock
from bailiwick.wire.claims import ACR_MFA
from bailiwick.wire.events import BACKCHANNEL_LOGOUT
from bailiwick.wire.provisioning import content_digest, fingerprint, record_from_json

CLIENT_ID = "spot"
Answer = tuple[int, Any]


def seconds() -> int:
    """Now, as tokens say it."""
    return int(clock.now().timestamp())


def claims_of_ada() -> dict[str, Any]:
    """What introspection says of the person who signs in by default."""
    return {
        "active": True,
        "sub": "8f2c3f0e-0000-4000-8000-000000000001",
        "client_id": CLIENT_ID,
        "preferred_username": "ada.example",
        "name": "Ada Example",
        "email": "ada@harborview.example",
        "bailiwick_grants": [grant()],
    }


def grant(**changes: Any) -> dict[str, Any]:
    organization = {
        "id": "c9a6b1de-0000-4000-8000-0000000000aa",
        "legal_name": "Harborview Family Practice",
        "kind": "provider_office",
        "submitter_id": "HARBOR1",
    }
    return {
        "id": "0d6d2d9c-0000-4000-8000-0000000000bb",
        "role": "provider-office-approver",
        "role_name": "FCSO - Provider Office Approver",
        "standing": "approver",
        "granted_at": "2026-05-04T12:00:00+00:00",
        "organization": organization,
        **changes,
    }


class Provider:
    """`claims` and `header` change the next ID tokens (None leaves a claim out); `rewrite` changes the finished token.

    `told` is what introspection says. `answers` maps a path to a function that answers instead.
    """

    def __init__(self) -> None:
        self.key = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)
        self.rsa = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"}, auto_kid=True)
        self.listed: list[Any] = [self.key, self.rsa]
        self._server: ThreadingHTTPServer | None = None
        self.port = 0
        self.reset()
        self.start()

    def reset(self) -> None:
        self.told: dict[str, Any] = claims_of_ada()
        self.claims: dict[str, Any] = {}
        self.header: dict[str, Any] = {}
        self.signing_key: Any = None
        self.rewrite: Callable[[str], str] = lambda token: token
        self.answers: dict[str, Callable[[dict[str, str]], Answer]] = {}
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[str] = []
        self.assertions: list[dict[str, Any]] = []
        self.client_key: Any = None
        self.records: dict[str, dict[str, Any]] = {}
        self.puts: list[tuple[str, int]] = []
        self.standings: list[dict[str, Any]] = []
        self.holders: list[dict[str, Any]] = []
        self.listed = [self.key, self.rsa]

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def start(self) -> None:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                provider.answer(self, "GET")

            def do_POST(self):
                provider.answer(self, "POST")

            def do_PUT(self):
                provider.answer(self, "PUT")

            def log_message(self, *_: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            allow_reuse_address = True

        self._server = Server(("127.0.0.1", self.port), Handler)
        self.port = self._server.server_address[1]
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        ).start()

    def stop(self) -> None:
        """Nobody answers at the address any more."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    @property
    def is_running(self) -> bool:
        return self._server is not None

    # what a browser would do

    def authorize(self, url: str, **changes: str | None) -> dict[str, str]:
        """The callback's parameters after the person signed in at the address SPOT sent the browser to."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        code = secrets.token_urlsafe(24)
        self.codes[code] = query
        answer = {"code": code, "state": query["state"], "iss": self.url, **changes}
        return {name: value for name, value in answer.items() if value is not None}

    def id_token(self, nonce: str, access_token: str, sid: str = "sid-1") -> str:
        now = seconds()
        half = (
            base64.urlsafe_b64encode(hashlib.sha256(access_token.encode()).digest()[:16])
            .rstrip(b"=")
            .decode()
        )
        claims = {
            "iss": self.url,
            "sub": self.told["sub"],
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "auth_time": now - 5,
            "nonce": nonce,
            "acr": ACR_MFA,
            "amr": ["pwd", "otp"],
            "sid": sid,
            "at_hash": half,
            **self.claims,
        }
        return self.rewrite(self.signed(claims))

    def signed(self, claims: dict[str, Any], *, typ: str = "JWT", **header: Any) -> str:
        key = self.signing_key or self.key
        algorithm = self.header.get("alg") or {"EC": "ES256", "RSA": "RS256"}[key.key_type]
        head = {"alg": algorithm, "typ": typ, "kid": key.kid, **self.header, **header}
        kept = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(
            {name: value for name, value in head.items() if value is not None},
            kept,
            key,
            algorithms=[algorithm],
            default_type=None,
        )

    def logout_token(self, *, typ: str = "logout+jwt", **changes: Any) -> str:
        now = seconds()
        claims = {
            "iss": self.url,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 120,
            "jti": secrets.token_urlsafe(16),
            "sub": self.told["sub"],
            "sid": "sid-1",
            "events": {BACKCHANNEL_LOGOUT: {}},
            **changes,
        }
        return self.signed(claims, typ=typ)

    # what SPOT asks

    def answer(self, handler: BaseHTTPRequestHandler, method: str) -> None:
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        path = urlsplit(handler.path).path
        self.asked.append(f"{method} {path}")
        given = next((answer for prefix, answer in self.answers.items() if path.startswith(prefix)), None)
        form = (
            {name: values[0] for name, values in parse_qs(body.decode()).items()} if method == "POST" else {}
        )
        if given is not None:
            status, data = given(form)
        elif path.startswith("/api/"):
            status, data = self._provisioning(method, path, handler.headers.get("Authorization", ""), body)
        else:
            status, data = getattr(self, DOORS.get(path, "_nothing"))(form)
        sent = data if isinstance(data, bytes) else json.dumps(data).encode()
        try:
            handler.send_response(status)
            if status in (301, 302, 307):
                handler.send_header("Location", f"{self.url}/elsewhere")
            handler.send_header("Content-Type", "application/json")
            handler.send_header("Content-Length", str(len(sent)))
            handler.end_headers()
            handler.wfile.write(sent)
        except OSError:
            pass

    def _nothing(self, _form: dict[str, str]) -> Answer:
        return 404, {"error": "not_found"}

    def _discovery(self, _form: dict[str, str]) -> Answer:
        names = {
            "authorization_endpoint": "authorize",
            "token_endpoint": "token",
            "introspection_endpoint": "introspect",
            "jwks_uri": "keys",
            "end_session_endpoint": "logout",
        }
        return 200, {"issuer": self.url, **{name: f"{self.url}/{path}" for name, path in names.items()}}

    def _keys(self, _form: dict[str, str]) -> Answer:
        return 200, {
            "keys": [
                {**key.as_dict(private=False), "kid": key.kid} if not isinstance(key, dict) else key
                for key in self.listed
            ]
        }

    def _is_client(self, form: dict[str, str]) -> bool:
        token = jwt.decode(form.get("client_assertion", ""), self.client_key, algorithms=["ES256"])
        claims, now = token.claims, seconds()
        is_fresh = claims["exp"] - claims["iat"] <= 300 and claims["exp"] > now - 5
        is_new = claims["jti"] not in {known["jti"] for known in self.assertions}
        self.assertions.append(claims)
        return (
            claims["iss"] == claims["sub"] == CLIENT_ID and claims["aud"] == self.url and is_fresh and is_new
        )

    def _token(self, form: dict[str, str]) -> Answer:
        if not self._is_client(form):
            return 401, {"error": "invalid_client"}
        if form["grant_type"] == "client_credentials":
            return 200, {"access_token": "for-provisioning", "token_type": "Bearer", "expires_in": 60}
        asked = self.codes.pop(form.get("code", ""), None)
        verifier = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(verifier).rstrip(b"=").decode()
        if (
            asked is None
            or asked["code_challenge"] != challenge
            or asked["redirect_uri"] != form["redirect_uri"]
        ):
            return 400, {"error": "invalid_grant"}
        access_token = secrets.token_urlsafe(32)
        return 200, {
            "access_token": access_token,
            "token_type": "Bearer",
            "id_token": self.id_token(asked["nonce"], access_token),
        }

    def _introspect(self, form: dict[str, str]) -> Answer:
        return (200, self.told) if self._is_client(form) else (401, {"error": "invalid_client"})

    def _provisioning(self, method: str, path: str, authorization: str, body: bytes) -> Answer:
        if authorization != "Bearer for-provisioning":
            return 401, {"error": "invalid_token"}
        if method == "GET":
            return self._told_to_application(path.rpartition("/")[2])
        data = json.loads(body)
        if method == "POST" and path.endswith("/lacking"):
            held = {name: record["version"] for name, record in self.records.items()}
            lacking = [
                pair["submitter_id"] for pair in data if held.get(pair["submitter_id"], 0) < pair["version"]
            ]
            return 200, {"lacking": lacking}
        submitter_id = path.rpartition("/")[2]
        self.puts.append((submitter_id, data["version"]))
        held = self.records.get(submitter_id)
        if held is None or held["version"] < data["version"]:
            self.records[submitter_id] = data
            return 201, {"outcome": "created"}
        return 200, {"outcome": "ignored"}

    def _told_to_application(self, what: str) -> Answer:
        """What SPOT reads of its own (O-4): `standings` and `holders` as a test set them, the records as they were put."""
        if what == "organizations":
            return 200, {"organizations": self.standings}
        if what == "grants":
            return 200, {"grants": self.holders, "next": ""}
        held = [record_from_json(self.records[name]) for name in sorted(self.records)]
        prints = [fingerprint(content=content_digest(one), tin=one.tin) for one in held]
        records = [
            {"submitter_id": one.submitter_id, "version": one.version, "fingerprint": print_of_it}
            for one, print_of_it in zip(held, prints, strict=True)
        ]
        return 200, {"records": records, "next": ""}


DOORS = {
    "/.well-known/openid-configuration": "_discovery",
    "/keys": "_keys",
    "/token": "_token",
    "/introspect": "_introspect",
}


def callback_path(answer: dict[str, str]) -> str:
    return f"/oidc/callback?{urlencode(answer)}"


def signed_with_secret(token: str, secret: bytes, kid: str) -> str:
    """The token's claims under HS256: the classic confusion, made by hand because honest libraries refuse to."""
    head = _encoded(json.dumps({"alg": "HS256", "typ": _typ_of(token), "kid": kid}).encode())
    text = f"{head}.{token.split('.')[1]}"
    return f"{text}.{_encoded(hmac.digest(secret, text.encode(), 'sha256'))}"


def _typ_of(token: str) -> str:
    return json.loads(base64.urlsafe_b64decode(token.partition(".")[0] + "=="))["typ"]


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
