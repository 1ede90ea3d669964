"""Access does not live on after the role that gave it: tokens, what is in flight, and power over others (AX15, AX16)."""

from datetime import timedelta

import pytest

from bailiwick.ground.program import clock
from bailiwick.ground.rulings import By
from bailiwick.idm.access.actions import follow_record, remove_grant
from bailiwick.idm.access.models import Grant, RoleRequest
from bailiwick.idm.organizations.models import EnrollmentRecord
from bailiwick.idm.rules.grants import SignInStrength
from bailiwick.wire.claims import ACR_MFA
from tests.idm import build_oidc as oidc
from tests.idm import build_pages as build

pytestmark = pytest.mark.django_db


@pytest.fixture
def harbor(tmp_path, settings):
    settings.APPLICATION_VALUES = dict(settings.APPLICATION_VALUES)
    harbor = oidc.Application("harbor")
    oidc.use_keys(tmp_path, harbor)
    yield harbor
    oidc.forget_catalogue()


def removed_by(remover, grant):
    remove_grant(
        grant=grant,
        remover=remover,
        reason="No longer here.",
        strength=SignInStrength(acr=ACR_MFA, is_limited=False, desk_level=ACR_MFA),
        by=By(str(remover.pk)),
        now=clock.now(),
    )


def given_up(grant):
    removed_by(grant.account, grant)


def removed_by_an_approver(grant):
    keeper = oidc.account()
    Grant.objects.create(
        account=keeper,
        application="harbor",
        role="keeper",
        organization=grant.organization,
        started_at=clock.now(),
        certify_by=grant.certify_by,
    )
    removed_by(keeper, grant)


def ran_out(grant):
    """No job has run."""
    Grant.objects.filter(pk=grant.pk).update(ends_on=clock.now().date() - timedelta(days=3))


def certification_missed(grant):
    """No job has run."""
    Grant.objects.filter(pk=grant.pk).update(certify_by=clock.now().date() - timedelta(days=3))


def organization_closed(grant):
    EnrollmentRecord.objects.filter(pk=grant.organization.record_id).update(status="closed")
    follow_record(submitter_id=grant.submitter_id, by=By("client:spot"), now=clock.now())


@pytest.mark.parametrize(
    "ended", [given_up, removed_by_an_approver, ran_out, certification_missed, organization_closed]
)
def test_no_token_outlives_the_role(harbor, ended):
    """Introspection, userinfo, refresh, and a code in flight: nothing of them works a moment later. [O-5, Q-8, INV-13]"""
    person = oidc.member(role="reader", application="harbor")
    tokens = oidc.tokens_for(harbor, person, scope="openid offline_access")
    code = oidc.code_for(harbor, person)
    ended(Grant.objects.get(account=person))
    introspected = oidc.post("/oidc/introspect", harbor.signed(token=tokens["access_token"])).json()
    assert introspected == {"active": False}
    bearer = oidc.Client().get(
        "/oidc/userinfo", headers={"Authorization": f"Bearer {tokens['access_token']}"}
    )
    assert bearer.status_code == 401
    refresh = harbor.signed(grant_type="refresh_token", refresh_token=tokens["refresh_token"])
    assert oidc.post("/oidc/token", refresh).json()["error"] == "invalid_grant"
    assert oidc.post("/oidc/token", harbor.exchange(code)).json()["error"] == "invalid_grant"


def test_an_approver_who_loses_the_role_between_two_pages_does_nothing_with_the_second():
    """Approving, removing one and many, last days, lists: the page was open, the right is gone. [Q-8, SR-16]"""
    place = build.organization()
    boss, staff = build.approver(place), build.end_user(place)
    held = Grant.objects.get(account=staff)
    asked = build.asks(build.person(), place)
    browser = build.browser(boss)
    digest = build.hidden(browser.open(f"/requests/{asked.number}/"), "digest")
    here, role = f"/organizations/{place.submitter_id}", f"/manage-users/roles/{held.pk}"
    browser.open(f"{here}/remove-roles/")
    removed_by(build.tier_2(), Grant.objects.get(account=boss))
    browser.send(f"/requests/{asked.number}/approve/", {"digest": digest}, status=404)
    browser.send(f"{here}/remove-roles/", {f"role-{held.pk}": "on", "reason": "Because I can."}, status=404)
    browser.send(f"{here}/access/2026-01-01/export/", status=404)
    browser.send(f"{role}/remove/", {"reason": "Because I can."}, status=403)
    browser.send(f"{role}/end-date/", {"reason": "Because I can."}, status=403)
    held.refresh_from_db()
    assert (held.ended_at, held.ends_on) == (None, None)
    assert RoleRequest.objects.get(pk=asked.pk).state == "pending"
