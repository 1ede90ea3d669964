import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

from bailiwick.ground import vault
from bailiwick.idm.accounts.models import random_identity

CURRENT = ("claim", "verified")
SSN_PLACE = "idm_accounts.person.ssn"
NUMBER_PLACE = "idm_accounts.knownssn.number"


def keep_numbers(apps, _schema):
    """What rows held until now, a digest, becomes the identity: everything that was made with it goes on fitting."""
    number, known, digest, person = (
        apps.get_model("idm_accounts", name) for name in ("SsnNumber", "KnownSsn", "SsnDigest", "Person")
    )
    current = number.objects.filter(state__in=CURRENT).order_by("pk")
    for row in current.iterator():
        holder = person.objects.filter(pk=row.account_id).exclude(ssn_sealed=None).first()
        if holder is None or known.objects.filter(identity=bytes(row.digest)).exists():
            continue
        ssn = vault.unseal(holder.ssn_sealed, place=SSN_PLACE, row=str(holder.pk))
        fresh = known(identity=bytes(row.digest))
        fresh.number_sealed = vault.seal(ssn, place=NUMBER_PLACE, row=str(fresh.pk))
        fresh.save(force_insert=True)
        digest.objects.create(known=fresh, digest=bytes(row.digest))


class Migration(migrations.Migration):
    dependencies = [("idm_accounts", "0005_policies")]

    operations = [
        migrations.CreateModel(
            name="KnownSsn",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("identity", models.BinaryField(default=random_identity, max_length=32)),
                ("number_sealed", models.BinaryField()),
                (
                    "seen_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), db_index=True),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("identity",), name="an_identity_is_one_ssns")
                ],
            },
        ),
        migrations.CreateModel(
            name="SsnDigest",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("digest", models.BinaryField(max_length=32)),
                (
                    "known",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="digests",
                        to="idm_accounts.knownssn",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("digest",), name="an_ssn_is_known_once")],
            },
        ),
        migrations.RunPython(keep_numbers, migrations.RunPython.noop, elidable=True),
    ]
