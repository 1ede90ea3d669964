"""The desk's inbox: cases found and listed without opening any of them, however many there are (B-1)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from bailiwick.spot.enrollment.queries import kinds_by_tin
from bailiwick.spot.forms.models import Case, Signature
from bailiwick.spot.forms.objections import Objection
from bailiwick.spot.forms.queries.answers import kind_of
from bailiwick.spot.rules.access import tracking_typed
from bailiwick.spot.rules.enrollment import Status
from bailiwick.spot.rules.forms import HOLDS_ITS_GROUP, Authority, SignatureState, State
from bailiwick.spot.rules.schema import Aim
from bailiwick.spot.rules.searching import sought

UNSIGNED = ("", False)


@dataclass(frozen=True)
class Notes:
    """What somebody should know before opening a case; its page compares once more, under every key of the ring (F-6)."""

    needs_callback: bool = False
    is_objected: bool = False
    has_group_elsewhere: bool = False
    has_known_tin: bool = False


def cases_for_desk(
    *,
    states: Iterable[State],
    kind: str = "",
    submitted_until: datetime | None = None,
    assigned_to: int | None = None,
    is_free: bool = False,
    text: str = "",
    limit: int = 200,
) -> QuerySet[Case]:
    """Cases in those states that were signed once, the one that was submitted first on top (B-1).

    `assigned_to`: in the hands of that person; `is_free`: in nobody's. `text`: a tracking number, or beginnings of words;
    looking for those reads every case once.
    """
    rows = Case.objects.filter(state__in=[state.value for state in states], submitted_at__isnull=False)
    if kind:
        rows = rows.filter(kind=kind)
    if submitted_until is not None:
        rows = rows.filter(submitted_at__lte=submitted_until)
    if assigned_to is not None:
        rows = rows.filter(assigned_to=assigned_to)
    if is_free:
        rows = rows.filter(assigned_to=None)
    if text.strip():
        rows = rows.filter(_found_by(text))
    rows = rows.select_related("assigned_to", "decided_by", "record").order_by("submitted_at", "pk")
    return rows[:limit]


def notes_on(cases: Collection[Case]) -> dict[UUID, Notes]:
    """What to note about each of some cases, in four statements however many they are."""
    waiting = Objection.objects.filter(signature=OuterRef("pk"), made_at__isnull=False, settled_at=None)
    signed = Signature.objects.filter(case__in=[case.pk for case in cases], state=SignatureState.LIVE)
    signatures = {
        case: (authority, is_objected)
        for case, authority, is_objected in signed.annotate(is_objected=Exists(waiting)).values_list(
            "case_id", "authority", "is_objected"
        )
    }
    groups, tins = _groups_of(cases), _tins_of(cases)
    return {
        case.pk: Notes(
            needs_callback=signatures.get(case.pk, UNSIGNED)[0] == Authority.CALLBACK_NEEDED,
            is_objected=signatures.get(case.pk, UNSIGNED)[1],
            has_group_elsewhere=bool(groups.get(_bytes(case.group_ptan_npi_digest), set()) - {case.pk}),
            has_known_tin=bool(tins.get((_bytes(case.tin_digest), _kind(case)), set()) - {case.pk}),
        )
        for case in cases
    }


def _found_by(text: str) -> Q:
    named, words = Q(tracking=tracking_typed(text)), Q()
    for word in sought(text):
        words &= Q(search_key__contains=f" {word}")
    return named | words if words else named


def _groups_of(cases: Collection[Case]) -> dict[bytes, set[UUID]]:
    """By group digest: the cases that hold it, but for those whose record was closed since."""
    digests = {_bytes(case.group_ptan_npi_digest) for case in cases} - {b""}
    holding = Case.objects.filter(holds_group=True, group_ptan_npi_digest__in=digests)
    rows = holding.exclude(record__status=Status.CLOSED.value)
    found: dict[bytes, set[UUID]] = {}
    for digest, pk in rows.values_list("group_ptan_npi_digest", "pk") if digests else ():
        found.setdefault(bytes(digest), set()).add(pk)
    return found


def _tins_of(cases: Collection[Case]) -> dict[tuple[bytes, str], set[object]]:
    """By TIN digest and kind of organization: the records, and the cases that ask for one, of the forms that enroll."""
    digests = {_bytes(case.tin_digest) for case in cases if _kind(case)} - {b""}
    if not digests:
        return {}
    found: dict[tuple[bytes, str], set[object]] = {}
    for digest, kind, submitter_id in kinds_by_tin(digests):
        found.setdefault((digest, kind), set()).add(submitter_id)
    states = [state.value for state in HOLDS_ITS_GROUP]
    for other in Case.objects.filter(tin_digest__in=digests, state__in=states, record=None):
        found.setdefault((_bytes(other.tin_digest), _kind(other)), set()).add(other.pk)
    return found


def _kind(case: Case) -> str:
    """The kind of organization that a form enrolls; "" for a form that changes one, whose TIN is known of course."""
    kind = kind_of(case)
    return kind.organization_kind if kind.aim == Aim.ENROLL else ""


def _bytes(digest: bytes | None) -> bytes:
    return bytes(digest or b"")
