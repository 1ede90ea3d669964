"""Nightly: report how SPOT and IDM differ, then send IDM what it lacks, so that restoring either database loses nothing (O-4)."""

from datetime import datetime

from bailiwick.ground.ledger import By
from bailiwick.spot.enrollment import actions, queries
from bailiwick.spot.enrollment.vendors.comparing import compare
from bailiwick.spot.enrollment.vendors.provisioning import lacking

BY = By("system:compare-enrollment-records")


def send_what_idm_lacks(now: datetime) -> None:
    """Send each record once a night whose newest version IDM does not hold, refused ones too: its rules may have changed."""
    for submitter_id in lacking(queries.versions(), now=now):
        actions.send_again(submitter_id=submitter_id, occasion=f"{now:%Y-%m-%d}", by=BY, now=now)


def report_differences(now: datetime) -> None:
    """Compare every record, word for word, with what IDM holds; the desk reads what differs, and nothing is repaired."""
    compare(by=BY, now=now)
