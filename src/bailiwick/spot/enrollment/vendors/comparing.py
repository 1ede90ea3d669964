"""Comparing all of SPOT's records with what IDM holds of them (O-4)."""

from datetime import datetime

from bailiwick.ground.ledger import By
from bailiwick.spot.enrollment import actions, queries
from bailiwick.spot.enrollment.models import Comparison
from bailiwick.spot.identity.http import UnansweredError
from bailiwick.spot.identity.reports import records_held
from bailiwick.spot.rules.comparing import Held, differences


def compare(*, by: By, now: datetime) -> Comparison:
    """Ask for theirs, read ours, write down what differs. Where IDM does not answer, that is what is written down."""
    try:
        # Theirs first: what changes meanwhile is then on its way to them, and not ahead of us.
        theirs = {one.submitter_id: Held(one.version, one.fingerprint) for one in records_held(now=now)}
    except UnansweredError:
        count = len(queries.versions())
        return actions.note_compared(ours=count, theirs=0, found=[], is_whole=False, by=by, now=now)
    ours = queries.held_here()
    found = differences(ours, theirs)
    return actions.note_compared(
        ours=len(ours), theirs=len(theirs), found=found, is_whole=True, by=by, now=now
    )
