"""Somebody without an account takes up an invitation: register, sign in, prove, ask; nothing typed for the role. [R-7]"""

import re

from tests.journeys.cast import ROWAN, staff
from tests.journeys.conftest import PHONE
from tests.journeys.walker import Walker

LINK = re.compile(r"http://\S+/invitations/[\w-]+/")


def invite(approver: Walker, email: str, role: str) -> str:
    """The approver sends an invitation; the link that arrives in the mailbox."""
    approver.follow("Help Desk / Manage Users", then="Your organizations")
    approver.follow("Invite somebody, and see your invitations", then="Nobody was invited yet.")
    approver.press("Invite somebody", then="E-mail address of the person")
    approver.write("E-mail address of the person", email)
    approver.tick(role)
    approver.press("Send the invitation", then=email)
    mail = approver.programs.wait_for_mail(email, containing="/invitations/")
    return LINK.search(mail["text"])[0]


def test_an_invited_person_registers_and_asks(programs, person, axe):
    """From the mail to the confirmation number, on a phone; the link is good once. [R-7 R-1 V-1 Q-1]"""
    bea = staff("bea.novak", person(), programs, axe)
    bea.go(f"{programs.idm_url}/")
    bea.sign_in_by_authenticator()
    link = invite(bea, str(ROWAN["email"]), "FCSO - SPOT End User")

    rowan = Walker(person(viewport=PHONE), programs, axe, **ROWAN)
    rowan.go(link)
    assert "invites" in rowan.read() or "invited" in rowan.read()
    rowan.register()
    rowan.sign_in_by_mail()
    rowan.go(link)
    rowan.press("Go on to Role Request", then="Identity verification")
    rowan.prove_identity()
    rowan.press("Next", then="Review Request")
    assert "FCSO - SPOT End User" in rowan.read()
    number = rowan.submit_request("Bea invited me.")
    rowan.go(link)
    assert "You have taken it up already" in rowan.read()

    bea.go(f"{programs.idm_url}/manage-users/invitations/")
    assert "Taken up" in bea.read()
    bea.go(f"{programs.idm_url}/manage-users/")
    assert number in bea.read()
