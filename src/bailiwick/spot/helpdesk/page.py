"""What the page of a case shows (B-1): where it stands, what is to be settled, form beside payer file, evidence, history."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.forms import BoundField, Form
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.rulings import No, Yes
from bailiwick.spot.forms import queries
from bailiwick.spot.forms.era_words import takes
from bailiwick.spot.forms.kind_words import worded
from bailiwick.spot.forms.models import Case, Signature
from bailiwick.spot.forms.signing_words import READ_IN
from bailiwick.spot.helpdesk import beside
from bailiwick.spot.helpdesk.forms import (
    REMARK,
    ApproveForm,
    CallbackForm,
    ConfirmForm,
    DenyForm,
    ReturnForm,
    SettleForm,
    TakeForm,
)
from bailiwick.spot.helpdesk.story import story_of
from bailiwick.spot.helpdesk.words import AUTHORITIES, CAUTIONS, MARKS, STATES
from bailiwick.spot.papers.queries import certificate_rows
from bailiwick.spot.payers.port import Match, Outcome, Unavailable
from bailiwick.spot.payers.queries import find
from bailiwick.spot.rules.deciding import (
    ApprovalFacts,
    Caution,
    Desk,
    Refusal,
    may_decide,
    may_take,
    obstacle_to_approving,
)
from bailiwick.spot.rules.enrolling import brings_new, name_of
from bailiwick.spot.rules.forms import Authority, State
from bailiwick.spot.rules.lists import RowsOnFile
from bailiwick.spot.rules.schema import Aim, Field, shown
from bailiwick.spot.services.models import EraRoute

RECORD_COLUMNS = (gettext_lazy("What"), gettext_lazy("On record now"), gettext_lazy("After this form"))


@dataclass(frozen=True)
class Check:
    """One thing that is to be settled before approval: `kind` good, warn or bad."""

    what: str | Promise
    kind: str
    words: str | Promise

    @property
    def mark(self) -> str | Promise:
        return MARKS[self.kind]


def ask_payer(case: Case) -> Outcome:
    """What is on file for the case's numbers, just now. A network away: never inside a transaction."""
    answers = queries.answers_of(case)
    return find(
        ptan=answers.get("group_ptan", ""), npi=answers.get("group_npi", ""), tin=answers.get("tin", "")
    )


def page_of(
    case: Case,
    *,
    desk: Desk,
    on_file: Outcome,
    since: int | None,
    now: datetime,
    rows_on_file: RowsOnFile | None = None,
    refusal: str = "",
    typed: Mapping[str, Mapping[str, Any]] | None = None,
    **sent: Form | None,
) -> dict[str, Any]:
    """The template's context. `since`: the revision to compare with.

    `sent`: a form with mistakes, as `approving`, `denying`, `calling`, `settling` or `confirming`; `typed`: what was in one
    that was refused.
    """
    answers = queries.answers_of(case)
    facts, approval = queries.desk_case(case), queries.approval_facts(case, on_file=on_file, now=now)
    day = timezone.localdate(now)
    deciding, taking = may_decide(desk, facts), may_take(desk, facts, instead_of=facts.assigned_key)
    is_ours = bool(deciding)
    return {
        "case": case,
        "kind": worded(queries.kind_of(case)),
        "organization": name_of(answers),
        "is_open": facts.state in (State.SUBMITTED, State.IN_REVIEW),
        "is_ours": is_ours,
        "may_take": bool(taking) and not is_ours,
        "objection": objection(taking, deciding),
        "obstacle": _obstacle(approval),
        "checks": checks(approval, on_file),
        **_beside(answers, on_file),
        "blocks": blocks(case),
        **_effects(case, answers, day),
        **beside.listed(case, rows_on_file),
        "refusal": refusal,
        "width": "wide",
        **_standing(case, now),
        **_evidence(case, approval),
        **story_of(case, since),
        **_forms(case, approval, typed or {}, route=queries.era_route(answers, day=day), **sent),
    }


def objection(taking: Yes | No, deciding: Yes | No) -> str:
    """Why this person cannot decide here, where neither taking nor anything else would change that."""
    for ruling in (deciding, taking):
        if isinstance(ruling, No) and ruling.because in (Refusal.OWN_CASE, Refusal.IDM_UNANSWERED):
            return sentence_for(ruling.because, **ruling.facts)
    return ""


def checks(approval: ApprovalFacts, on_file: Outcome) -> list[Check]:
    """What an approval rests on, each with how it stands."""
    is_signed = approval.signed is not None and approval.signed == approval.form
    signature = _("On this very form.") if is_signed else _("None on the form as it stands.")
    found = [Check(_("Signature"), "good" if is_signed else "bad", signature)]
    if not approval.is_document_confirmed:
        found.append(Check(_("Digital certificate"), "warn", _("To be confirmed below.")))
    if approval.authority is not None:
        words, kind = AUTHORITIES[Authority(approval.authority)]
        found.append(Check(_("Authority of the official"), kind, words))
    if approval.objecting:
        found.append(Check(_("Objection"), "bad", _("Somebody who was told of the signature objects.")))
    found.append(_payer_check(on_file, approval.cautions))
    stopping = ", ".join(approval.stopping)
    found.append(
        Check(_("Same group"), "bad", _("Enrolled or in review already: %(where)s.") % {"where": stopping})
        if stopping
        else Check(_("Same group"), "good", _("Enrolled or in review nowhere else."))
    )
    of_tin = [one for one in approval.cautions if one in (Caution.SAME_TIN, Caution.OTHER_TIN)]
    return [*found, *(Check(_("TIN"), "warn", CAUTIONS[caution]) for caution in of_tin)]


def blocks(case: Case) -> list[tuple[str, list[tuple[str, str]]]]:
    """The whole form: (title, [(label, answer)]) of each block, only what was asked."""
    asked = asked_fields(case)
    titled = [
        (block.title, [(field.label, answer) for field, answer in asked if field in block.fields])
        for block in worded(queries.kind_of(case)).blocks
    ]
    return [(title, items) for title, items in titled if items]


def asked_fields(case: Case) -> list[tuple[Field, str]]:
    """Every field that was asked, with its answer in words."""
    kind, answers = worded(queries.kind_of(case)), queries.answers_of(case)
    return [(field, beside.read(field, answers.get(field.code, ""))) for field in shown(kind, answers)]


def blocks_to_remark_on(
    case: Case, form: ReturnForm
) -> list[tuple[str, bool, list[tuple[str, str, BoundField]]]]:
    """(title, whether something was written there, [(label, answer, remark)]) of each block with questions in it."""
    found = []
    for block in worded(queries.kind_of(case)).blocks:
        fields = [(field, answer) for field, answer in asked_fields(case) if field in block.fields]
        rows = [(field.label, answer, form[f"{REMARK}{field.code}"]) for field, answer in fields]
        is_written_in = any(remark.value() or remark.errors for _label, _answer, remark in rows)
        if rows:
            found.append((block.title, is_written_in, rows))
    return found


def _payer_check(on_file: Outcome, cautions: Iterable[Caution]) -> Check:
    if isinstance(on_file, Unavailable):
        return Check(_("Payer file"), "warn", CAUTIONS[Caution.PAYER_UNAVAILABLE])
    if Caution.PAYER_NO_MATCH in cautions:
        return Check(_("Payer file"), "warn", CAUTIONS[Caution.PAYER_NO_MATCH])
    return Check(_("Payer file"), "good", _("It knows this PTAN, NPI and TIN together."))


def _obstacle(approval: ApprovalFacts) -> str:
    found = obstacle_to_approving(approval)
    # A No is falsy: it is asked whether there is one, not whether it is true.
    return sentence_for(found.because, **found.facts) if found is not None else ""


def _standing(case: Case, now: datetime) -> dict[str, Any]:
    return {
        "state": STATES[case.state_at(now)],
        "waiting_days": (now - case.submitted_at).days if case.submitted_at else 0,
        "delivery": case.record.delivery.value if case.record else "",
        "back": [(_("All forms that wait"), "/desk/")],
    }


def _beside(answers: Mapping[str, str], on_file: Outcome) -> dict[str, Any]:
    return {
        "lines": beside.lines(answers, on_file),
        "beside_columns": beside.COLUMNS,
        "officials": beside.officials(on_file),
        "provider": on_file.provider if isinstance(on_file, Match) else None,
    }


def _effects(case: Case, answers: Mapping[str, str], day: date) -> dict[str, Any]:
    """What is the same elsewhere, and what an approval would change and take from whom (F-6, F-12, E-2)."""
    aim = queries.kind_of(case).aim
    return {
        "duplicates": queries.duplicates_of(case, asks_for_new=brings_new(aim, answers)),
        "takes": takes(case, answers, day=day),
        "record_lines": beside.record_lines(answers) if aim == Aim.UPDATE else [],
        "record_columns": RECORD_COLUMNS,
    }


def _evidence(case: Case, approval: ApprovalFacts) -> dict[str, Any]:
    signature: Signature | None = queries.live_signature(case)
    needs_callback = approval.authority is Authority.CALLBACK_NEEDED
    document = queries.document_of(signature)
    return {
        "signature": signature,
        "document": document,
        "document_rows": certificate_rows(document, settings.TIME_ZONE) if document else [],
        "read_in": READ_IN.get(signature.read_in, "") if signature else "",
        "authority": AUTHORITIES[approval.authority][0] if approval.authority else "",
        "needs_callback": needs_callback,
        "objections": queries.objections_to(case),
        "is_objected": bool(approval.objecting),
        "cautions": [CAUTIONS[caution] for caution in approval.cautions],
    }


def _forms(
    case: Case,
    approval: ApprovalFacts,
    typed: Mapping[str, Mapping[str, Any]],
    *,
    route: EraRoute | None,
    **sent: Form | None,
) -> dict[str, Form]:
    seen = {
        "revision": case.revision,
        "digest": approval.form.digest,
        "route": str(route.pk) if route else "",
        "seen": " ".join(str(one.pk) for one in queries.objections_to(case) if one.settled_at is None),
    }

    def made(name: str, kind: Callable[..., Form], prefix: str, **more: Any) -> Form:
        start = {**typed.get(name, {}), **seen}
        return sent.get(name) or kind(initial=start, auto_id=f"{prefix}_%s", **more)

    return {
        "take_form": TakeForm(initial={"instead_of": str(case.assigned_to_id or "")}, auto_id="take_%s"),
        "approve_form": made("approving", ApproveForm, "approve", has_cautions=bool(approval.cautions)),
        "deny_form": made("denying", DenyForm, "deny"),
        "callback_form": made("calling", CallbackForm, "callback"),
        "settle_form": made("settling", SettleForm, "settle"),
        "confirm_form": made("confirming", ConfirmForm, "confirm"),
    }
