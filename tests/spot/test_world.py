"""The forms of the fictitious world: one in each state, made once."""

import json
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from bailiwick.spot.enrollment.models import EnrollmentRecord
from bailiwick.spot.forms.models import Case, RowList
from bailiwick.spot.forms.queries import kinds
from bailiwick.spot.rules.forms import State

pytestmark = pytest.mark.django_db


def enrolled() -> dict[str, str]:
    return json.loads(Path(settings.ENVIRONMENT.state_directory / "enrolled.json").read_text())


def test_the_world_has_a_form_in_each_state_and_keeps_them():
    """Every state that people bring about, every kind; a second start makes nothing twice, the approved one enrolled its record. [F-1, F-7, F-11]"""
    call_command("demo")
    states = [case.state for case in Case.objects.all()]
    assert set(states) == {state.value for state in State if state is not State.EXPIRED}
    assert set(Case.objects.values_list("kind", flat=True)) == {kind.code for kind in kinds()}
    assert RowList.objects.get().count == 1
    first, records = enrolled(), EnrollmentRecord.objects.count()
    approved = Case.objects.get(state=State.APPROVED)
    assert approved.record.submitter_id == first["heronlake"]
    call_command("demo")
    assert enrolled() == first
    assert (Case.objects.count(), EnrollmentRecord.objects.count()) == (len(states), records)
