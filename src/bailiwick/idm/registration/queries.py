"""Reading a registration on its way."""

import hashlib
import json
from datetime import datetime
from typing import Any

from django.conf import settings

from bailiwick.ground import vault
from bailiwick.idm.registration.models import Draft

ANSWERS_PLACE = "idm_registration.draft.answers"

Answers = dict[str, dict[str, Any]]


def key_digest(key: str) -> bytes:
    """How the browser's key is kept: it is 256 random bits, so a plain digest is enough."""
    return hashlib.sha256(key.encode()).digest()


def draft_of(key: str, *, now: datetime) -> Draft | None:
    """The registration that the browser's key opens, unless it is too old."""
    if not key:
        return None
    young = Draft.objects.filter(started_at__gt=now - settings.LIMITS.registration_draft_life)
    return young.filter(key_digest=key_digest(key)).first()


def answers(draft: Draft | None) -> Answers:
    """What was typed so far, by step and input name."""
    if draft is None:
        return {}
    return json.loads(vault.unseal(draft.answers_sealed, place=ANSWERS_PLACE, row=str(draft.pk)))


def answered(draft: Draft | None) -> frozenset[str]:
    """The steps whose answers were accepted."""
    return frozenset(draft.answered) if draft else frozenset()
