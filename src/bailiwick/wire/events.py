"""Names of events that travel between the programs."""

BACKCHANNEL_LOGOUT = "http://schemas.openid.net/event/backchannel-logout"
SUBJECT_CHANGED = "urn:bailiwick:event:subject-changed"
"""Where a subject points: `{"merged_into": "<sub>"}` of the same person's account that goes on, "" when that was undone (A-5)."""
