"""Pages about held roles: why, modify, a last day; many at once; who had access on a day."""

from datetime import timedelta

import pytest

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.program import clock
from bailiwick.idm.access.models import Export, Grant
from bailiwick.idm.access.queries.authority import zone
from bailiwick.idm.rules.days import day_of
from tests.idm import build_pages as build

pytestmark = pytest.mark.django_db


def typed(day, name="ends_on"):
    return {f"{name}_month": str(day.month), f"{name}_day": str(day.day), f"{name}_year": str(day.year)}


def today():
    return day_of(clock.now(), zone())


def test_a_holder_sees_why_modifies_and_sets_a_last_day():
    """View details leads to all three; the page says what cannot be modified. [Q-7, Q-10, Q-11]"""
    account = build.end_user(build.organization())
    held = Grant.objects.get(account=account)
    browser, path = build.browser(account), f"/roles/{held.pk}/"
    page = build.text_of(browser.open(path))
    assert all(word in page for word in ("Why do I have this role?", "Modify Role", "Set a last day"))
    assert "Submitter ID" in build.text_of(browser.open(f"{path}why/"))
    assert "make a new request" in build.text_of(browser.open(f"{path}modify/"))
    assert "Billing" in build.text_of(browser.send(f"{path}modify/", {"work-area": "Billing", "role": "x"}))
    last = today() + timedelta(days=9)
    assert "Ends after" in build.text_of(browser.send(f"{path}end-date/", typed(last)))
    page = build.text_of(browser.send(f"{path}end-date/", typed(last + timedelta(days=1))))
    assert "You can end this role earlier, not later" in page
    held.refresh_from_db()
    assert (held.ends_on, held.attributes) == (last, {"work-area": "Billing"})


def test_a_role_that_ran_out_is_shown_as_ended_and_is_not_changed():
    """Also before any job has recorded it; why it was held stays to be seen. [I-2, Q-7]"""
    account = build.end_user(build.organization())
    held = Grant.objects.get(account=account)
    Grant.objects.filter(pk=held.pk).update(ends_on=today() - timedelta(days=2))
    browser, path = build.browser(account), f"/roles/{held.pk}/"
    for page in ("", "modify/", "end-date/", "remove/"):
        assert "This role has ended" in build.text_of(browser.open(f"{path}{page}"))
    assert "ended on its end date" in build.text_of(browser.open(f"{path}why/"))


def test_a_desk_role_without_free_attributes_says_so():
    """Nothing is offered that would be refused. [Q-7]"""
    account = build.tier_2()
    held = Grant.objects.get(account=account)
    assert "Nothing of this role can be modified" in build.text_of(
        build.browser(account).open(f"/roles/{held.pk}/modify/")
    )


def test_an_approver_removes_many_and_hears_of_each():
    """A row that cannot be removed keeps none of the others; what is nobody's of theirs is not even named. [Q-10, INV-14, L-2]"""
    place, elsewhere = build.organization("Alder Clinic"), build.organization("Birch Clinic")
    staff = [build.end_user(place, first=name) for name in ("Una", "Uma", "Udo")]
    boss, backup, foreign = build.approver(place), build.person(first="Bo"), build.end_user(elsewhere)
    build.grant(backup, "provider-office-backup-approver", place)
    grants = {account: Grant.objects.get(account=account) for account in (*staff, backup, foreign)}
    browser, path = build.browser(boss), f"/organizations/{place.submitter_id}/remove-roles/"
    page = build.text_of(browser.open(path))
    assert "Una" in page
    assert "Bo " not in page
    assert "Tick the roles" in build.text_of(browser.send(path, {"reason": "The project is over."}))
    build.browser(staff[2]).send(f"/roles/{grants[staff[2]].pk}/remove/", {"reason": ""})
    chosen = {f"role-{grants[account].pk}": "on" for account in (*staff, backup, foreign)}
    page = build.text_of(browser.send(path, chosen | {"reason": "The project is over.", "role-x": "on"}))
    assert "2 roles were removed" in page
    assert "This role has ended already" in page
    assert "You cannot remove this role" in page
    assert foreign.user_id not in page
    refused = Entry.objects.filter(deed="authority:act:refused", subject=str(foreign.pk))
    assert [entry.why for entry in refused] == ["not_a_remover"]
    left = set(Grant.objects.filter(ended_at=None).values_list("account", flat=True))
    assert left == {boss.pk, backup.pk, foreign.pk}


def test_who_had_access_is_a_page_and_a_file():
    """The day is chosen; the file needs a fresh factor, and is a download that no cache keeps. [Q-11, S-6]"""
    place = build.organization()
    boss, staff = build.approver(place), build.end_user(place, first="Una")
    browser, path = build.browser(boss), f"/organizations/{place.submitter_id}/access/"
    assert staff.user_id in build.text_of(browser.send(path, typed(today(), "day")))
    assert "Nobody held a role" in build.text_of(browser.open(f"{path}?day=2020-01-31"))
    ahead = today() + timedelta(days=2)
    assert "has not come yet" in build.text_of(browser.send(path, typed(ahead, "day")))
    file = browser.send(f"{path}{today()}/export/")
    assert (file["Content-Type"], file["Cache-Control"]) == ("text/csv; charset=utf-8", "no-store, private")
    assert staff.user_id in file.content.decode()
    stale = build.browser(boss, ago=timedelta(minutes=20))
    assert "Verify it's you" in build.text_of(stale.send(f"{path}{today()}/export/"))
    assert Export.objects.count() == 1
    for day in ("x", "2020-13-01", "0001-01-01", str(ahead)):
        browser.open(f"{path}?day={day}", status=404)
        browser.send(f"{path}{day}/export/", status=404)
    build.browser(staff).open(path, status=404)


def test_why_a_role_is_held_is_a_file_too():
    """For its holder and an approver of the place, with a fresh factor; an opened link takes nothing along. [Q-11, S-6]"""
    place = build.organization()
    boss, staff = build.approver(place), build.end_user(place)
    key = Grant.objects.get(account=staff).pk
    for account, path in ((staff, f"/roles/{key}/why/"), (boss, f"/manage-users/roles/{key}/why/")):
        browser = build.browser(account)
        assert "Download the list" in build.text_of(browser.open(path))
        file = browser.send(path)
        assert (file["Content-Type"], file["Cache-Control"]) == (
            "text/csv; charset=utf-8",
            "no-store, private",
        )
        assert staff.user_id in file.content.decode()
        stale = build.browser(account, ago=timedelta(minutes=20))
        assert "Verify it's you" in build.text_of(stale.send(path))
    assert Export.objects.count() == 2
    build.browser(staff).send(f"/manage-users/roles/{key}/why/", status=403)
    build.browser(build.approver(build.organization())).send(f"/manage-users/roles/{key}/why/", status=404)


def test_somebody_elses_role_shows_why_and_gets_a_last_day():
    """For an approver of the place; a desk's look is on the ledger. [Q-11, Q-10, H-3]"""
    place = build.organization()
    boss, staff = build.approver(place), build.end_user(place)
    path = f"/manage-users/roles/{Grant.objects.get(account=staff).pk}/"
    browser = build.browser(boss)
    assert "Set a last day" in build.text_of(browser.open(f"{path}why/"))
    page = build.text_of(browser.send(f"{path}end-date/", typed(today()) | {"reason": "Contract over."}))
    assert "Last day changed" in page
    assert "Contract over." in page
    assert "Last day changed" in build.text_of(browser.send(f"{path}end-date/", {"reason": "Stays."}))
    assert Grant.objects.get(account=staff).ends_on is None
    build.browser(staff).open(f"{path}why/", status=403)
    build.browser(build.approver(build.organization())).open(f"{path}why/", status=404)
