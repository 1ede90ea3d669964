"""What the signing page shows: the exact form, and where the link stands."""

from datetime import datetime

from bailiwick.spot.forms.models import AccessCode, Invitation
from bailiwick.spot.payers.port import Outcome
from bailiwick.spot.payers.queries import find
from bailiwick.spot.rules.access import CodeState, Purpose
from bailiwick.spot.rules.schema import Answers
from bailiwick.spot.rules.signing import Link, LinkState, Refusal, may_open


def why_closed(invitation: Invitation, now: datetime) -> Refusal | None:
    """Why this link does not lead to a form to sign, None where it does."""
    link = Link(LinkState(invitation.state), invitation.revision, invitation.expires_at)
    case = invitation.case
    ruling = may_open(link, case_state=case.state_at(now), case_revision=case.revision, now=now)
    return None if ruling else Refusal(ruling.because)


def on_file_for(answers: Answers) -> Outcome:
    """What the payer says of the form's numbers: as slow as a network, so never inside a transaction."""
    return find(ptan=answers.get("group_ptan", ""), npi=answers.get("group_npi", ""), tin=answers["tin"])


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
