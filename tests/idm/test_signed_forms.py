"""The signed form behind a record, as the application names it through the provisioning API."""

import json

import pytest
from django.test import Client

from bailiwick.idm.access.models import SignedForm
from tests.idm import build_oidc as oidc
from tests.idm.build_access import wire_record

pytestmark = pytest.mark.django_db
FORM = {"number": "F-2026-0007", "signed_by": "Olive Official", "signed_at": "2026-02-20T10:00:00-05:00"}


@pytest.fixture
def spot(tmp_path, settings):
    settings.APPLICATION_VALUES = dict(settings.APPLICATION_VALUES)
    spot = oidc.Application("spot")
    oidc.use_keys(tmp_path, spot)
    yield spot
    oidc.forget_catalogue()


def sent(spot, record):
    form = spot.signed(grant_type="client_credentials", scope="provisioning")
    token = oidc.post("/oidc/token", form).json()["access_token"]
    path, headers = (
        f"/api/v1/enrollment-records/{record['submitter_id']}",
        {"Authorization": f"Bearer {token}"},
    )
    return Client().put(path, json.dumps(record), content_type="application/json", headers=headers)


def test_each_version_keeps_its_form_and_what_was_said_first_stays(spot):
    """Which form a version comes from is no part of the record: naming it changes no version. [Q-11, O-4]"""
    record = wire_record("SIGNED1").to_json()
    assert sent(spot, record | {"form": FORM}).json()["outcome"] == "created"
    assert sent(spot, record | {"form": FORM | {"signed_by": "Mallory"}}).json()["outcome"] == "ignored"
    newer = record | {"version": 2, "phone": "2025550111", "form": FORM | {"number": "F-2026-0009"}}
    assert sent(spot, newer).json()["outcome"] == "updated"
    assert sent(spot, record | {"form": FORM | {"signed_at": "yesterday"}}).status_code == 422
    kept = SignedForm.objects.order_by("version").values_list("version", "number", "signed_by")
    assert list(kept) == [(1, "F-2026-0007", "Olive Official"), (2, "F-2026-0009", "Olive Official")]
