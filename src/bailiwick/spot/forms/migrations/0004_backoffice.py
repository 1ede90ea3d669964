import json

from django.db import migrations, models
from django.db.models import Q

from bailiwick.ground import vault
from bailiwick.spot.rules.enrolling import name_of
from bailiwick.spot.rules.searching import search_key

ANSWERS = "spot_forms.version.answers"


def write_names(apps, _schema_editor):
    cases = apps.get_model("spot_forms", "Case").objects
    versions = apps.get_model("spot_forms", "Version").objects
    for case in cases.only("pk", "revision", "contact_name").iterator(chunk_size=500):
        version = versions.filter(case_id=case.pk, revision=case.revision).first()
        if version is None or not version.answers_sealed:
            continue
        opened = vault.unseal(version.answers_sealed, place=ANSWERS, row=f"{case.pk}:{case.revision}")
        name = name_of(json.loads(opened)["answers"])
        key = search_key(name, case.contact_name, longest=500)
        cases.filter(pk=case.pk).update(organization=name[:200], search_key=key)


class Migration(migrations.Migration):
    dependencies = [("spot_forms", "0003_papers")]
    operations = [
        migrations.AddField(
            model_name="case",
            name="organization",
            field=models.CharField(blank=True, default="", max_length=200),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="case",
            name="search_key",
            field=models.CharField(blank=True, default="", max_length=500),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["state", "submitted_at"], name="cases_by_state_and_submission"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=~Q(decided_at=None), fields=["decided_at"], name="cases_by_decision"
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=Q(state__in=["awaiting_signature", "draft", "in_review", "returned", "submitted"]),
                fields=["submitted_at"],
                name="cases_under_way",
            ),
        ),
        migrations.RunPython(write_names, migrations.RunPython.noop, elidable=True),
    ]
