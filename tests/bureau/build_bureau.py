"""Questions to the bureau, as plain functions: signed like a client signs, written down here a second time."""

import hashlib
import hmac
import json
from uuid import uuid4

from bailiwick.ground.program import clock

KEY_ID = "idm-1"
PATH = "/v1/verifications"

PERSON = {
    "first_name": "Avery",
    "middle_name": "",
    "last_name": "Quillfeather",
    "suffix": "",
    "ssn": "900100001",
    "birth_date": "1979-03-14",
    "phone": "2025550101",
    "address": {"line1": "12 Larkspur Lane", "line2": "", "city": "Orlando", "state": "FL", "zip": "32801"},
}
STRANGER = {**PERSON, "first_name": "Nobody", "last_name": "Known", "ssn": "900999999"}


def question(person=PERSON, *, request_id=None, reference=""):
    return {"request_id": request_id or str(uuid4()), "reference": reference, "person": person}


def headers(body, settings, *, key_id=KEY_ID, secret=None, at=None, timestamp=None, method="POST", path=PATH):
    timestamp = timestamp or str(int((at or clock.now()).timestamp()))
    secret = secret or settings.CLIENT_KEYS[key_id]
    text = f"v1\n{key_id}\n{method}\n{path}\n{timestamp}\n{hashlib.sha256(body).hexdigest()}"
    signature = hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
    return {"Bureau-Key": key_id, "Bureau-Timestamp": timestamp, "Bureau-Signature": f"v1={signature}"}


def sent(client, settings, asked, **signing):
    """The response to a question (a dict, or bytes as they are)."""
    body = asked if isinstance(asked, bytes) else json.dumps(asked).encode()
    signed = headers(body, settings, **signing)
    return client.post(PATH, body, content_type="application/json", headers=signed)
