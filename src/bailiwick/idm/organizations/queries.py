"""Reading organizations and enrollment records. Searches never touch a TIN, and no page gets one whole (G-5, A-3)."""

import hmac
from collections.abc import Iterable
from uuid import UUID

from django.db.models import Count, QuerySet

from bailiwick.ground import vault
from bailiwick.ground.rulings import Refused
from bailiwick.idm.organizations.models import EnrollmentRecord, NameWord, Organization, WordGram
from bailiwick.idm.rules.organizations import (
    NEAR_ENOUGH,
    WORD_NEAR_ENOUGH,
    Refusal,
    grams_of,
    legal_name_key,
    letters_in,
    nearness,
    word_nearness,
    words_of,
)
from bailiwick.wire.provisioning import SUBMITTER_ID

TIN_PLACE = "idm_organizations.enrollmentrecord.tin"
ROWS = 50
SHORTEST = 3
ZIP_DIGITS = 5
CANDIDATES = 400
MOST_WORDS = 8


def tin_digest(tin: str, *, is_ssn: bool) -> bytes:
    """How a TIN is matched: an SSN only by a stretched digest, for there are only a thousand million (A-2)."""
    return vault.stretched_digest(tin, purpose="tin") if is_ssn else vault.digest(tin, purpose="tin")


def tin_digests(tin: str, *, is_ssn: bool) -> list[bytes]:
    """The same under every key of the ring: what stored digests are compared with."""
    return vault.stretched_digests(tin, purpose="tin") if is_ssn else vault.digests(tin, purpose="tin")


def tin_of(record: EnrollmentRecord) -> str:
    """The TIN itself, opened: nine digits."""
    return vault.unseal(record.tin_sealed, place=TIN_PLACE, row=str(record.pk))


def masked_tin(record: EnrollmentRecord) -> str:
    """The last four digits, for the desk that compares with a form (A-3)."""
    return f"•••••{tin_of(record)[-4:]}"


def _as_issued(submitter_id: str) -> str:
    """The submitter ID as it is written in records; "" for what can be none, so that no odd text reaches a database."""
    text = submitter_id.strip().upper()
    return text if SUBMITTER_ID.fullmatch(text) else ""


def record_with(submitter_id: str) -> EnrollmentRecord | None:
    """The record of that submitter ID, claimed or not, however it is typed."""
    return EnrollmentRecord.objects.filter(submitter_id=_as_issued(submitter_id)).first()


def versions_held(*, application: str, submitter_ids: list[str]) -> dict[str, int]:
    """The version that is held of each of these records of an application; those not held are left out (O-4)."""
    held: dict[str, int] = {}
    for start in range(0, len(submitter_ids), CANDIDATES):
        asked = submitter_ids[start : start + CANDIDATES]
        rows = EnrollmentRecord.objects.filter(application=application, submitter_id__in=asked)
        held.update(rows.values_list("submitter_id", "version"))
    return held


def organization(submitter_id: str) -> Organization | None:
    """The organization of that submitter ID; None where nobody has claimed the record (G-2)."""
    rows = Organization.objects.select_related("record")
    return rows.filter(record__submitter_id=_as_issued(submitter_id)).first()


def organization_with_id(identifier: UUID | str) -> Organization | None:
    try:
        key = identifier if isinstance(identifier, UUID) else UUID(str(identifier))
    except ValueError:
        return None
    return Organization.objects.select_related("record").filter(pk=key).first()


def duplicates_of(record: EnrollmentRecord) -> list[str]:
    """The submitter IDs of organizations with the same TIN and kind: a warning that tier 2 may pass (G-1)."""
    same = _as_stored(record)
    rows = EnrollmentRecord.objects.filter(tin_digest__in=same, tin_tag=record.tin_tag, kind=record.kind)
    claimed = rows.filter(organization__isnull=False).exclude(pk=record.pk)
    return list(claimed.order_by("submitter_id").values_list("submitter_id", flat=True))


def _as_stored(record: EnrollmentRecord) -> list[bytes]:
    """How records of the same TIN may be stored while a key is being changed."""
    tin = tin_of(record)
    if record.tin_tag == EnrollmentRecord.TinTag.SSN:
        return vault.stretched_digests(tin, purpose="tin", known=record.tin_digest)
    return vault.digests(tin, purpose="tin")


def match_enrollment(*, submitter_id: str, legal_name: str, tin: str) -> EnrollmentRecord | None:
    """The active record that all three agree with, else None, whichever of them differs (G-2).

    Every part is computed and compared whatever the others gave, so that neither answer nor time tells.
    """
    record = record_with(submitter_id)
    digits = "".join(character for character in tin if character.isdecimal())
    given = {True: tin_digests(digits, is_ssn=True), False: tin_digests(digits, is_ssn=False)}
    is_ssn = record is not None and record.tin_tag == EnrollmentRecord.TinTag.SSN
    stored = bytes(record.tin_digest) if record else bytes(32)
    name = record.legal_name_key if record else ""
    same_tin = sum(hmac.compare_digest(one, stored) for one in given[is_ssn]) > 0
    same_name = hmac.compare_digest(legal_name_key(legal_name).encode(), name.encode())
    is_active = record is not None and not record.is_closed
    return record if is_active and same_tin and same_name else None


def search(
    *,
    name: str = "",
    city: str = "",
    state: str = "",
    zip: str = "",  # noqa: A002 - the field's own word
    limit: int = ROWS,
) -> list[Organization]:
    """Claimed, active organizations, the nearest name first, `limit` at most (G-5).

    Raises Refused(SEARCH_TOO_SHORT) without three letters of a name or city, or a five-digit ZIP.
    """
    zip_digits = "".join(character for character in zip if character.isdecimal())[:ZIP_DIGITS]
    is_enough = max(letters_in(name), letters_in(city)) >= SHORTEST or len(zip_digits) == ZIP_DIGITS
    if not is_enough or 0 < letters_in(name) < SHORTEST:
        raise Refused(Refusal.SEARCH_TOO_SHORT)
    rows = _in_place(city=city, state=state, zip_digits=zip_digits)
    limit = min(limit, ROWS)
    if letters_in(name):
        return _nearest(name, _candidates(name, rows))[:limit]
    return list(rows.select_related("record").order_by("record__legal_name_key")[:limit])


def _in_place(*, city: str, state: str, zip_digits: str) -> QuerySet[Organization]:
    rows = Organization.objects.filter(record__status=EnrollmentRecord.Status.ACTIVE)
    if words_of(city):
        rows = rows.filter(record__city_key__startswith=" ".join(words_of(city)))
    if words_of(state):
        rows = rows.filter(record__state__iexact=" ".join(words_of(state)))
    if zip_digits:
        rows = rows.filter(record__zip__startswith=zip_digits)
    return rows


def _candidates(name: str, rows: QuerySet[Organization]) -> Iterable[Organization]:
    """Those whose name has something near every sought word; the nearest of them are found among these."""
    for sought in words_of(name)[:MOST_WORDS]:
        near = NameWord.records.through.objects.filter(nameword__in=_words_near(sought))
        rows = rows.filter(record__in=near.values("enrollmentrecord"))
    return rows.select_related("record").order_by("record__legal_name_key")[:CANDIDATES]


def _words_near(sought: str) -> list[int]:
    shared = WordGram.objects.filter(gram__in=grams_of(sought)).values("word").annotate(hits=Count("gram"))
    best = shared.order_by("-hits", "word").values_list("word", "word__word")[:CANDIDATES]
    return [key for key, word in best if word_nearness(sought, word) >= WORD_NEAR_ENOUGH]


def _nearest(name: str, found: Iterable[Organization]) -> list[Organization]:
    ranked = [(nearness(name, one.legal_name), one.record.legal_name_key, one) for one in found]
    near = [row for row in ranked if row[0] >= NEAR_ENOUGH]
    return [row[2] for row in sorted(near, key=lambda row: (-row[0], row[1]))]
