"""How long an invitation can be taken up. (R-7)"""

from urllib.parse import urlsplit

from tests.faults.steps import pass_doors, sign_in
from tests.timetravel.era import link_in


def test_an_invitation_ends_after_fourteen_days(era, newcomer):
    """On the thirteenth day its page invites; when the fourteenth is over it says that the link is of no use. [R-7, numbers]"""
    facts, approver = newcomer(), era.staff("ana.ruiz")
    invite(approver, facts.email)
    mail = era.programs.wait_for_mail(facts.email, containing="invites you", seconds=60)
    link = urlsplit(link_in(mail, "/invitations/")).path

    era.clock.pass_time(days=13)
    invited = era.registered(facts)
    sign_in(invited)
    invited.go(link)
    assert invited.page.status == 200, str(invited.page)
    era.clock.pass_time(days=2)
    sign_in(invited)
    invited.go(link)
    assert invited.page.status == 404, str(invited.page)


def invite(approver, email: str) -> None:
    approver.go("/manage-users/invitations/new/")
    pass_doors(approver)
    form = approver.page.form("email", "role")
    role = approver.page.html.partition('name="role" value="')[2].partition('"')[0]
    assert role, str(approver.page)
    approver.press("email", "role", email=email, role=role)
    assert form.action != approver.page.url, str(approver.page)
