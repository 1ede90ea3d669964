"""A session in SPOT as people at their desks meet it: the warning before it ends, signing out, coming back."""

from playwright.sync_api import expect

from tests.journeys.cast import staff


def enter(name, programs, person, axe):
    """Somebody of the fictitious world on My IDM Account; each test its own, for a TOTP number works once."""
    walker = staff(name, person(), programs, axe)
    walker.enter_spot()
    walker.sign_in_by_authenticator()
    walker.look("Home")
    walker.go(f"{programs.spot_url}/account/")
    return walker


def test_a_person_who_rests_is_warned_and_can_stay(programs, person, axe):
    """What waits in IDM stands there; after 20 minutes a dialog asks; Stay signed in leaves the page as it was. [S-8 M-4]"""
    ana = enter("ana.ruiz", programs, person, axe)
    ana.look("Waiting for you in IDM")
    page = ana.page
    page.clock.install()
    page.reload()
    dialog = page.get_by_role("dialog")
    page.clock.fast_forward("19:55")
    page.clock.run_for(1000)
    expect(dialog).to_have_count(0)
    page.clock.fast_forward("00:10")
    expect(dialog).to_be_visible()
    assert "10 minutes" in dialog.inner_text()
    ana.look()
    dialog.get_by_role("button", name="Stay signed in").click()
    expect(dialog).to_have_count(0)
    assert page.url.endswith("/account/")
    page.clock.fast_forward("19:30")
    page.clock.run_for(1000)
    expect(dialog).to_have_count(0)


def test_signing_out_of_spot_signs_out_of_idm_too(programs, person, axe):
    """Sign out leads through IDM to a page that says so; afterwards IDM asks for the password again. [O-1]"""
    bea = enter("bea.novak", programs, person, axe)
    bea.page.get_by_role("button", name="Sign out").click()
    bea.look()
    if "Do you want to sign out?" in bea.read():
        bea.press("Sign Out")
    bea.look("You are signed out")
    assert bea.page.url == f"{programs.spot_url}/signed-out/"
    bea.page.go_back()
    bea.page.goto(f"{programs.spot_url}/account/")
    bea.look("Sign in")
    assert bea.page.url.startswith(programs.idm_url)


def test_a_signed_in_person_who_follows_an_old_link_is_led_on(programs, person, axe):
    """The callback's address from the history is explained and leads Home. [M-3]"""
    eli = enter("eli.stone", programs, person, axe)
    eli.page.goto(f"{programs.spot_url}/oidc/callback?code=old&state=old")
    eli.look("already signed in")
    eli.press("Go to Home", then="Your organizations")
