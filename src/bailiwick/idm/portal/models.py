"""The one thing the portal itself remembers: a role request that a person has begun and not yet submitted (Q-1)."""

import uuid

from django.db import models

from bailiwick.idm.access.models import RoleRequest
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.organizations.models import EnrollmentRecord, Organization


class RoleRequestDraft(models.Model):
    """At most one per account: the answers given so far, "" or null where a step is still to come.

    Once `request` is set the draft is spent: it only leads a repeated Submit to the request that it made.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="+")
    once = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.CharField(max_length=40, blank=True, default="")
    role = models.CharField(max_length=80, blank=True, default="")
    way = models.CharField(max_length=20, blank=True, default="")
    record = models.ForeignKey(EnrollmentRecord, on_delete=models.CASCADE, null=True, related_name="+")
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, null=True, related_name="+")
    # Names of the address fields that were typed otherwise than the record has them; never the values.
    differing = models.JSONField(default=list)
    turned = models.BooleanField(default=False)
    request = models.ForeignKey(RoleRequest, on_delete=models.CASCADE, null=True, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role="") | ~models.Q(application=""),
                name="draft_role_belongs_to_an_application",
            ),
            models.CheckConstraint(
                condition=models.Q(way="") | ~models.Q(role=""), name="draft_organization_follows_the_role"
            ),
        ]
