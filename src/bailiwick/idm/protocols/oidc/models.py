"""Client assertions that were used: each `jti` of a client works once (AX27)."""

from django.db import models


class UsedAssertion(models.Model):
    client_id = models.CharField(max_length=100)
    jti = models.CharField(max_length=64)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        app_label = "idm_protocols"
        constraints = [
            models.UniqueConstraint(fields=["client_id", "jti"], name="a_client_assertion_is_used_once")
        ]
