"""What an approved form does, kind by kind: enroll, rewrite a record, serve providers, move the remittance (F-11, F-12, E).

Called in the transaction of the approval: all of it is done, or nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from bailiwick.ground.ledger import By
from bailiwick.ground.rulings import Refused
from bailiwick.spot.enrollment import actions as enrollment
from bailiwick.spot.enrollment.models import EnrollmentRecord
from bailiwick.spot.enrollment.queries import record_with
from bailiwick.spot.forms.models import Case
from bailiwick.spot.forms.queries import answers_of, borne_out, kind_of, listed_of, live_signature
from bailiwick.spot.rules import deciding, lists
from bailiwick.spot.rules import enrolling as rules
from bailiwick.spot.rules.enrollment import Refusal, Status
from bailiwick.spot.rules.lists import AFFILIATED, OnFile, RowsOnFile
from bailiwick.spot.rules.schema import Aim
from bailiwick.spot.services import actions as services
from bailiwick.spot.services.queries import provider_of, route_on


@dataclass(frozen=True)
class Done:
    """The record that the approval made, changed or served; who was on it before; what came of a list."""

    record: EnrollmentRecord
    before: tuple[tuple[str, str], ...] = ()
    served: services.Served | None = None
    left_out: tuple[tuple[str, OnFile], ...] = ()


@dataclass(frozen=True)
class BorneOut:
    """The lines of a list that the payer's file bears out; the others with why they are left out (F-4)."""

    kind: str
    lines: list[services.Listed]
    left_out: tuple[tuple[str, OnFile], ...]


@dataclass(frozen=True)
class Act:
    """The approval at hand."""

    case: Case
    answers: Mapping[str, str]
    record: EnrollmentRecord
    on: date
    by: By
    now: datetime

    @property
    def is_own(self) -> bool:
        """Whether the organization is itself the provider: it enrolled with this TIN."""
        return (
            rules.brings_new(kind_of(self.case).aim, self.answers) or self.answers["tin"] == self.record.tin
        )


def carry_out(case: Case, *, on_file: RowsOnFile | None, seen_route: str, by: By, now: datetime) -> Done:
    """Do what the form asks for. Raises what the rooms below refuse, and LIST_UNCHECKED of `rules.deciding`."""
    kind, answers = kind_of(case), answers_of(case)
    if kind.aim == Aim.UPDATE:
        return _updated(answers, _form_of(case), by=by, now=now)
    if rules.brings_new(kind.aim, answers):
        document = rules.document_of(kind.organization_kind, answers) | _form_of(case)
        record = enrollment.enroll(document=document, by=by, now=now)
    else:
        record = _present(answers)
    act = Act(case, answers, record, timezone.localdate(now), by, now)
    listed = _listed(act, on_file)
    if "group_ptan" in answers:
        _hold_all(act, listed)
        _serve(act)
    served, left_out = _serve_list(act, listed), listed.left_out if listed else ()
    if rules.moves_era(answers):
        _route(act, seen_route)
    return Done(record, (), served, left_out)


def _form_of(case: Case) -> dict[str, object]:
    """The form behind the record's new version, as IDM tells it when somebody asks why they have a role (Q-11)."""
    signature = live_signature(case)
    if signature is None:
        return {}
    signed_at = signature.signed_at.isoformat()
    return {"form": {"number": case.tracking, "signed_by": signature.name, "signed_at": signed_at}}


def _updated(answers: Mapping[str, str], form: dict[str, object], *, by: By, now: datetime) -> Done:
    record = _present(answers)
    before = ((record.approver_name, record.approver_email), (record.backup_name, record.backup_email))
    changed = enrollment.change(record=record, changes=rules.changes_of(answers) | form, by=by, now=now)
    return Done(changed, tuple(one for one in before if one[1]))


def _present(answers: Mapping[str, str]) -> EnrollmentRecord:
    record = record_with(answers["submitter_id"])
    if record is None or record.status != Status.ACTIVE:
        raise Refused(Refusal.RECORD_CLOSED)
    return record


def _serve(act: Act) -> None:
    """The provider that the form names is served under the submitter ID from today on, or no longer (E-1)."""
    pair = rules.pair_of(act.answers)
    common = {"on": act.on, "tracking": act.case.tracking, "by": act.by, "now": act.now}
    if rules.is_removal(act.answers):
        services.end_service(record=act.record, pair=pair, **common)
        return
    services.affiliate(
        record=act.record,
        pair=pair,
        name=act.answers["group_name"],
        state=act.answers["state_or_territory"],
        services=rules.services_of(act.answers),
        is_own=act.is_own,
        has_pc_ace=rules.wants_pc_ace(act.answers),
        **common,
    )


def _hold_all(act: Act, listed: BorneOut | None) -> None:
    """Those of the list and the one of the form, before any of them is touched: two approvals never wait for each other."""
    if listed is not None:
        name, state = act.answers["group_name"], act.answers["state_or_territory"]
        own = services.Listed(rules.pair_of(act.answers), name, state, frozenset(), moves_era=False)
        services.hold([own, *listed.lines])


def _listed(act: Act, on_file: RowsOnFile | None) -> BorneOut | None:
    listed = listed_of(act.case, act.answers)
    if listed is None:
        return None
    kind, rows = listed
    if on_file is None or len(on_file) != len(rows):
        raise Refused(deciding.Refusal.LIST_UNCHECKED)
    # Looked at again: whom the record serves may have changed since the payer was asked.
    on_file = borne_out(kind, rows, on_file, record=act.record)
    known = [row for row, said in zip(rows, on_file, strict=True) if said is OnFile.KNOWN]
    left_out = tuple(
        (f"{row['name']}, {row['ptan']}, {row['npi']}", said)
        for row, said in zip(rows, on_file, strict=True)
        if said is not OnFile.KNOWN
    )
    lines = [
        services.Listed(
            lists.pair_of(row), row["name"], row["state"], lists.services_of(row), lists.moves_era(row)
        )
        for row in known
    ]
    return BorneOut(kind.code, lines, left_out)


def _serve_list(act: Act, listed: BorneOut | None) -> services.Served | None:
    if listed is None:
        return None
    return services.affiliate_many(
        record=act.record,
        lines=listed.lines,
        is_own=listed.kind == AFFILIATED and act.is_own,
        is_providers=listed.kind == AFFILIATED,
        on=act.on,
        tracking=act.case.tracking,
        by=act.by,
        now=act.now,
    )


def _route(act: Act, seen_route: str) -> None:
    """The remittance goes where the form says; moved since the decider looked, it needs a new look (E-2)."""
    provider = provider_of(rules.pair_of(act.answers))
    if provider is None:
        raise Refused(services.Refusal.PAIR_UNKNOWN)
    seen = route_on(provider, act.on)
    if (str(seen.pk) if seen else "") != seen_route:
        raise Refused(services.Refusal.CHANGED_SINCE_SEEN)
    receiver = {
        rules.TO_THIS: act.record,
        rules.TO_EXISTING: record_with(act.answers.get("era_receiver_id", "")),
        rules.TO_PAPER: None,
    }[act.answers["era"]]
    if receiver is None and act.answers["era"] != rules.TO_PAPER:
        raise Refused(services.Refusal.RECEIVER_CLOSED)
    services.route_era(
        provider=provider,
        receiver=receiver,
        on=act.on,
        seen=seen,
        tracking=act.case.tracking,
        by=act.by,
        now=act.now,
    )
