from django.db import migrations, models

FILL = """UPDATE spot_services_affiliation SET provider_name =
(SELECT name FROM spot_services_provider WHERE spot_services_provider.id = spot_services_affiliation.provider_id)"""


class Migration(migrations.Migration):
    dependencies = [("spot_services", "0002_working_as")]
    operations = [
        migrations.AddField(
            model_name="affiliation",
            name="provider_name",
            field=models.CharField(db_default="", default="", max_length=200),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="affiliation",
            index=models.Index(fields=["record", "provider_name", "id"], name="providers_of_a_submitter"),
        ),
        migrations.AddIndex(
            model_name="affiliation",
            index=models.Index(
                condition=models.Q(("is_own", False)), fields=["provider"], name="mandates_of_a_provider"
            ),
        ),
    ]
