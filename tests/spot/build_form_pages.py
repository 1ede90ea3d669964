"""Builders: a browser that starts, opens and fills in a form, as a person does it on the pages."""

import re
from typing import Any

from django.test import Client

from bailiwick.ground.program import clock
from bailiwick.spot.forms import queries
from bailiwick.spot.forms.models import Case
from tests.spot.build_signing import code_in, mails

KIND = "new-provider-office"
CONTACT = {"contact_name": "Dana Whitlock", "contact_email": "dana.whitlock@pelicancove.example"}
# A provider of the sample payer file, filled in completely; by step.
STEPS: dict[str, dict[str, str]] = {
    "location": {"state_or_territory": "FL", "line_of_business": "B"},
    "provider": {
        "group_name": "Pelican Cove Dermatology",
        "group_ptan": "PC2041",
        "group_npi": "1900410006",
        "tin": "900450101",
        "tin_tag": "ein",
    },
    "contact": {**CONTACT, "contact_phone": "941 555 0101", "contact_extension": "", "contact_fax": ""},
    "address": {
        "address_line_1": "31 Pelican Cove Way",
        "address_line_2": "",
        "city": "Sarasota",
        "address_state": "FL",
        "zip": "34231",
    },
    "request": {"request_type": "new"},
    "people": {
        "approver_name": "Avery Quillfeather",
        "approver_email": "avery@pelicancove.example",
        "approver_phone": "941-555-0102",
        "has_backup": "no",
    },
    "claims": {"claims_sender": "provider", "claims_837": "no"},
    "remittance": {"era": "keep"},
    "providers": {"has_list": "no"},
    "official": {
        "official_name": "Nora Castellan",
        "official_title": "Owner",
        "official_email": "nora.castellan@pelicancove.example",
        "official_standing": "authorized",
    },
}


class Browser(Client):
    """A browser with one form open; `path` is below the tracking number."""

    tracking = ""

    def at(self, path: str = "") -> str:
        return f"/forms/{self.tracking}/{path}"

    @property
    def case(self) -> Case:
        return queries.case_tracked(self.tracking)

    def answers(self) -> dict[str, str]:
        return queries.answers_of(self.case)

    def send(self, step: str, answers: dict[str, str] | None = None, **more: Any):
        """Press Next, or another button named in `more`, on a step that shows the newest revision."""
        sent = {"revision": self.case.revision, **(STEPS[step] if answers is None else answers), **more}
        return self.post(self.at(f"step/{step}/"), sent)

    def fill_in(self, *, but: tuple[str, ...] = ()) -> None:
        for step in STEPS:
            if step not in but:
                answer = self.send(step)
                assert answer.status_code == 302, texts(answer)

    def ask_for_signature(self):
        return self.post(self.at("review/"), {"revision": self.case.revision})


def newest_code(to: str = CONTACT["contact_email"]) -> str:
    return code_in(mails(to=to)[-1])


def started(**contact: str) -> Browser:
    """A form that was just started: the code is mailed, nothing is open yet."""
    browser = Browser()
    answer = browser.post(f"/forms/start/{KIND}/", {**CONTACT, **contact})
    assert answer.status_code == 302, texts(answer)
    browser.tracking = re.search(r"F(-[0-9A-Z]{4}){3}", answer["Location"]).group()
    return browser


def opened(browser: Browser | None = None) -> Browser:
    """A form that is open in that browser, or a new one."""
    browser = browser or started()
    answer = browser.post(browser.at("code/"), {"code": newest_code(browser.case.contact_email)})
    assert answer.status_code == 302, texts(answer)
    return browser


def filled() -> Browser:
    browser = opened()
    browser.fill_in()
    return browser


def texts(answer: Any) -> str:
    """What stands on the page, in one line."""
    found = re.sub(r"<(script|style|template).*?</\1>", " ", answer.content.decode(), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", found).split())


def at_field(answer: Any, field: str) -> str:
    """The error sentence at that field; "" where there is none."""
    found = re.search(rf'id="id_{field}_error">(.*?)</div>', answer.content.decode(), re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", found.group(1)).split()) if found else ""


def now():
    return clock.now()
