"""Writing what a case says: one version a revision, sealed, with the digest of its canonical form (F-8)."""

import json
import secrets
from datetime import datetime
from typing import Any

from bailiwick.ground import vault
from bailiwick.ground.ledger import By
from bailiwick.ground.rulings import No
from bailiwick.spot.enrollment.models import TIN_PURPOSE
from bailiwick.spot.forms.models import ANSWERS, LONGEST_KEY, TEXT, Case, Version
from bailiwick.spot.forms.queries import canonical_of, group_digest
from bailiwick.spot.rules.answers import Finding, normalized
from bailiwick.spot.rules.enrolling import name_of
from bailiwick.spot.rules.schema import Answers, Field, digest
from bailiwick.spot.rules.searching import search_key

SALT_BYTES = 16
TIN = "tin"


def readable(fields: dict[str, Field], typed: Answers) -> tuple[dict[str, str], dict[str, No]]:
    """The answers as they are kept, and what is wrong with those that cannot be."""
    read: dict[str, str] = {}
    wrong: dict[str, No] = {}
    for code, text in typed.items():
        one = fields.get(code)
        answer = normalized(one, text) if one else No(Finding.FIELD_UNKNOWN)
        if isinstance(answer, No):
            wrong[code] = answer
        else:
            read[code] = answer
    return read, wrong


def write_version(case: Case, answers: Answers, *, by: By, now: datetime) -> Version:
    """The version of the case's present revision. Nobody finds a TIN from the digest: a sealed salt goes into it."""
    salt = secrets.token_hex(SALT_BYTES)
    row = f"{case.pk}:{case.revision}"
    sealed = vault.seal(json.dumps({"answers": dict(answers), "salt": salt}), place=ANSWERS, row=row)
    version = Version.objects.create(
        case=case, revision=case.revision, answers_sealed=sealed, digest="", at=now, by=by.actor
    )
    version.digest = digest(canonical_of(case))
    version.save(update_fields=["digest"])
    return version


def stretched_tin(answers: Answers) -> bytes | None:
    """The TIN's digest, 30 ms: never computed while a case is locked."""
    return vault.stretched_digest(answers[TIN], purpose=TIN_PURPOSE) if answers.get(TIN) else None


def marks(answers: Answers, tin_digest: bytes | None) -> dict[str, Any]:
    """The columns of a case that its answers decide."""
    contact, organization = answers.get("contact_name", ""), name_of(answers)
    return {
        "contact_name": contact,
        "organization": organization[:TEXT],
        "search_key": search_key(organization, contact, longest=LONGEST_KEY),
        "group_ptan_npi_digest": group_digest(answers),
        "tin_digest": tin_digest if answers.get(TIN) else None,
    }
