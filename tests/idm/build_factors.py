"""People with phones and recovery codes, through the pages."""

import re

from django.test import Client

from bailiwick.ground.outbox.models import Message
from bailiwick.idm.accounts.models import Account
from tests.idm import build_accounts as build

MOBILE, OFFICE = "3015550123", "3015550177"
PRINTED = re.compile(r"\b(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}\b")


def newest_to(number: str) -> Message:
    return Message.objects.filter(to=number).latest("pk")


def code_to(number: str) -> str:
    """The newest code in that phone; calls say the digits one by one."""
    text = build.text_of(newest_to(number))
    found = re.search(r"\b(\d(?:, )?){5}\d\b", text)
    return found.group().replace(", ", "")


def start_phone(client: Client, kind: str = "sms", number: str = MOBILE, **more: str) -> str:
    """Until the code is sent; returns the page that asks for it."""
    form = {"name": "My phone", "number": number, **more}
    answer = client.post(f"/profile/mfa/add/{kind}/", form)
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"]


def add_phone(client: Client, kind: str = "sms", number: str = MOBILE, **more: str):
    page = start_phone(client, kind, number, **more)
    extension = more.get("extension")
    return client.post(page, {"code": code_to(f"{number};ext={extension}" if extension else number)})


def shown_codes(client: Client) -> tuple[str, list[str]]:
    """The page of new recovery codes, and what it shows."""
    page = client.post("/profile/mfa/add/recovery/")["Location"]
    return page, PRINTED.findall(client.get(page).content.decode())


def add_codes(client: Client) -> list[str]:
    page, codes = shown_codes(client)
    assert client.post(page, {"code": codes[0]})["Location"] == "/profile/mfa/?codes"
    return codes


def with_phone(client: Client, kind: str = "sms", number: str = MOBILE, **more: str) -> Account:
    """Somebody with one phone, signed in."""
    robin = build.account()
    build.sign_in_by_email(client, robin)
    assert add_phone(client, kind, number, **more)["Location"] == "/profile/mfa/?added"
    return robin


def sign_in_by_phone(client: Client, holder: Account, kind: str = "sms", number: str = MOBILE):
    build.give_password(client, holder)
    client.post("/sign-in/verify/", {"send": kind})
    return client.post("/sign-in/verify/", {"factor": kind, "code": code_to(number)})
