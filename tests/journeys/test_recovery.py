"""Somebody forgot the password, and gets back in alone: the whole ladder, each page examined at both widths."""

import os
import re

from tests.journeys.cast import SOREN
from tests.journeys.walker import Walker

PHONE = {"width": 320, "height": 640}
DESK = {"width": 1280, "height": 900}
SHOTS = os.environ.get("BAILIWICK_SHOTS", "")
CODE = re.compile(r"The code is (\d{6})")
NEW = "Copper-Falcon-Harbor-8"


def seen(walker: Walker, name: str) -> None:
    """Examined at phone and desk width; nothing is wider than the phone."""
    for size in (PHONE, DESK):
        walker.page.set_viewport_size(size)
        walker.look()
        wide = walker.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= size["width"], (name, size, wide)
        if SHOTS:
            walker.page.screenshot(path=f"{SHOTS}/{name}-{size['width']}.png", full_page=True)


def test_a_forgotten_password_is_set_anew_without_anybody_elses_help(programs, person, axe):
    """User ID, way, code from the mailbox, answer and new password; then the usual sign-in. [P-7 P-10 R-9]"""
    soren = Walker(person(), programs, axe, **SOREN)
    soren.register()
    seen(soren, "sign-in")
    soren.follow("Forgot Password", then="Forgot Password")
    seen(soren, "start")
    soren.write("User ID", "SOREN.recovers")
    soren.press("Next")
    seen(soren, "way")
    soren.press("Send the code")
    seen(soren, "way-without-a-choice")
    soren.page.get_by_label("E-mail", exact=True).check()
    soren.press("Send the code", then="is on its way")
    seen(soren, "code")
    mail = programs.wait_for_mail(str(SOREN["email"]), containing="The code is")
    soren.write("Enter Code", CODE.search(mail["text"])[1])
    soren.press("Next", then="New password")
    soren.write("Answer to your security question", "a QUIET street")
    soren.write("New password", "too short")
    soren.write("Confirm new password", "too short")
    soren.press("Set the new password", then="at least 15")
    seen(soren, "new-refused")
    soren.write("Answer to your security question", "a QUIET street")
    soren.write("New password", NEW)
    soren.write("Confirm new password", NEW)
    soren.press("Set the new password", then="Your password was set")
    seen(soren, "done")
    soren.follow("Go to Sign in", then="Sign in")
    soren.password, soren.facts["user_id"] = NEW, "soren.recovers"
    soren.sign_in_by_mail()
    soren.page.goto(f"{programs.idm_url}/home/")
    soren.look("Welcome")


def test_the_other_ways_back_in_look_alike_for_everybody(programs, person, axe):
    """Forgot User ID and Unlock of somebody who is not there. [P-8 S-5]"""
    nobody = Walker(person(), programs, axe, **SOREN)
    nobody.go(f"{programs.idm_url}/forgot-user-id/")
    seen(nobody, "user-id")
    nobody.write("First name", "Nobody")
    nobody.write("Last name", "Here")
    nobody.write_birth_date()
    nobody.write("E-mail address", "nobody@nowhere.example")
    nobody.write("ZIP code", "32202")
    nobody.press("Send my user ID", then="Look into your mailbox")
    seen(nobody, "user-id-sent")
    nobody.go(f"{programs.idm_url}/unlock/")
    seen(nobody, "unlock")
    nobody.write("User ID", "nobody.here")
    nobody.press("Next")
    nobody.page.get_by_label("Phone call", exact=True).check()
    nobody.press("Send the code", then="is on its way")
    seen(nobody, "unlock-code")
    nobody.write("Enter Code", "123456")
    nobody.press("Next", then="The code is not right")
    seen(nobody, "unlock-code-wrong")
    nobody.go(f"{programs.idm_url}/unlock/answer/")
    assert nobody.page.url.endswith("/unlock/code/")
