import uuid

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("idm_access", "0001_initial"),
        ("idm_accounts", "0001_initial"),
        ("idm_organizations", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("once", models.UUIDField()),
                ("application", models.CharField(max_length=40)),
                ("role", models.CharField(max_length=60)),
                ("email", models.CharField(max_length=74)),
                ("email_key", models.CharField(db_index=True, max_length=150)),
                ("token_digest", models.BinaryField(max_length=32)),
                ("state", models.CharField(default="open", max_length=10)),
                ("sent_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("resends", models.PositiveSmallIntegerField(default=0)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "inviter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations_sent",
                        to="idm_accounts.account",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to="idm_organizations.organization",
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations_taken",
                        to="idm_accounts.account",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["organization", "sent_at"], name="invitations_of_a_place"),
                    models.Index(
                        condition=Q(("state", "open")), fields=["expires_at"], name="invitations_that_run_out"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("inviter", "once"), name="a_form_sent_twice_invites_once"
                    ),
                    models.UniqueConstraint(
                        fields=("token_digest",), name="a_link_belongs_to_one_invitation"
                    ),
                    models.UniqueConstraint(
                        condition=Q(("state", "open")),
                        fields=("email_key", "application", "role", "organization"),
                        name="one_open_invitation_per_mailbox_and_role",
                    ),
                    models.CheckConstraint(
                        condition=Q(("state__in", ["open", "taken", "revoked", "expired"])),
                        name="an_invitation_is_in_a_known_state",
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            Q(("state", "taken"), ("taken_by__isnull", False)),
                            Q(Q(("state", "taken"), _negated=True), ("taken_by__isnull", True)),
                            _connector="OR",
                        ),
                        name="a_taken_invitation_has_its_taker",
                    ),
                ],
            },
        ),
    ]
