"""The forms of the fictitious world: one in each state, made once."""

import json
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from bailiwick.spot.enrollment.models import EnrollmentRecord
from bailiwick.spot.forms.models import Case
from bailiwick.spot.rules.forms import State

pytestmark = pytest.mark.django_db


def enrolled() -> dict[str, str]:
    return json.loads(Path(settings.ENVIRONMENT.state_directory / "enrolled.json").read_text())


def test_the_world_has_a_form_in_each_state_and_keeps_them():
    """Every state that people bring about; a second start makes nothing twice, and the approved form enrolled its record. [F-7, F-11]"""
    call_command("demo")
    states = sorted(case.state for case in Case.objects.all())
    assert states == sorted(state.value for state in State if state is not State.EXPIRED)
    first, records = enrolled(), EnrollmentRecord.objects.count()
    approved = Case.objects.get(state=State.APPROVED)
    assert approved.record.submitter_id == first["heronlake"]
    call_command("demo")
    assert enrolled() == first
    assert (Case.objects.count(), EnrollmentRecord.objects.count()) == (len(states), records)
