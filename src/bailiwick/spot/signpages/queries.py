"""What the signing page shows: the exact form, and where the link stands."""

from dataclasses import dataclass
from datetime import datetime

from bailiwick.spot.forms import queries
from bailiwick.spot.forms.answer_words import as_read
from bailiwick.spot.forms.models import AccessCode, Case, Invitation
from bailiwick.spot.rules.access import CodeState, Purpose
from bailiwick.spot.rules.schema import FormKind, shown
from bailiwick.spot.rules.signing import Link, LinkState, Refusal, may_open


@dataclass(frozen=True)
class Paper:
    """One revision of a form, as people read it. `blocks`: (title, [(question, answer)…]).

    `terms`: (question, text) of what was accepted on the way, such as a license.
    """

    kind: FormKind
    digest: str
    answers: dict[str, str]
    blocks: list[tuple[str, list[tuple[str, str]]]]
    terms: list[tuple[str, str]]


def why_closed(invitation: Invitation, now: datetime) -> Refusal | None:
    """Why this link does not lead to a form to sign, None where it does."""
    link = Link(LinkState(invitation.state), invitation.revision, invitation.expires_at)
    case = invitation.case
    ruling = may_open(link, case_state=case.state_at(now), case_revision=case.revision, now=now)
    return None if ruling else Refusal(ruling.because)


def paper_of(case: Case, revision: int) -> Paper:
    """What the case says at that revision."""
    kind, answers = queries.kind_of(case), queries.answers_of(case, revision)
    asked = {field.code for field in shown(kind, answers)}
    blocks = [
        (
            block.title,
            [
                (one.label, as_read(one, answers.get(one.code, "")))
                for one in block.fields
                if one.code in asked
            ],
        )
        for block in kind.blocks
    ]
    return Paper(
        kind=kind,
        digest=queries.version_of(case, revision).digest,
        answers=answers,
        blocks=[(title, rows) for title, rows in blocks if rows],
        terms=[(one.label, one.text) for one in kind.fields if one.code in asked and one.text],
    )


def code_waits(invitation: Invitation, now: datetime) -> bool:
    """Whether a code for this very link was mailed and is still good."""
    codes = AccessCode.objects.filter(
        case=invitation.case_id,
        purpose=Purpose.SIGNING,
        state=CodeState.LIVE,
        to=invitation.to,
        sent_at__gte=invitation.sent_at,
        expires_at__gt=now,
    )
    return codes.exists()
