import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

STATES = ["active", "suspended", "archived", "discarded"]


class Migration(migrations.Migration):
    dependencies = [("idm_accounts", "0002_profile")]

    operations = [
        migrations.AddField(
            model_name="account",
            name="merged_into",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged_accounts",
                to="idm_accounts.account",
            ),
        ),
        migrations.AlterField(
            model_name="account",
            name="state",
            field=models.CharField(
                choices=[(state, state.capitalize()) for state in [*STATES, "merged"]],
                default="active",
                max_length=10,
            ),
        ),
        migrations.RemoveConstraint(model_name="account", name="an_account_is_in_a_known_state"),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=Q(state__in=[*STATES, "merged"]), name="an_account_is_in_a_known_state"
            ),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=Q(("merged_into__isnull", False), ("state", "merged"))
                | (~Q(("state", "merged")) & Q(("merged_into__isnull", True))),
                name="a_merged_account_points_at_another",
            ),
        ),
        migrations.AddField(
            model_name="person",
            name="facts_at",
            field=models.DateTimeField(db_index=True, null=True),
        ),
        migrations.CreateModel(
            name="FormerName",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("first_name", models.CharField(max_length=20)),
                ("middle_name", models.CharField(blank=True, max_length=20)),
                ("last_name", models.CharField(max_length=25)),
                ("suffix", models.CharField(blank=True, max_length=5)),
                ("name_key", models.CharField(max_length=100)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="former_names",
                        to="idm_accounts.account",
                    ),
                ),
            ],
        ),
    ]
