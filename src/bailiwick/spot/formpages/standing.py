"""Where a case stands, in words: the state, who has to act, by when, and what happens if nobody does (F-7, F-9)."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bailiwick.spot.rules.forms import Event, State

Words = str | Promise


@dataclass(frozen=True)
class Standing:
    """`mood` is the tag's: plain, good, warn, bad. `until` fits into `otherwise` where it says `%(day)s`."""

    words: Words
    mood: str
    who: Words
    otherwise: Words


NOBODY = _("Nobody; this form is closed.")
STANDINGS = {
    State.DRAFT: Standing(
        _("Draft"),
        "plain",
        _("You: fill in what is missing, then ask for the signature."),
        _(
            "The draft expires on %(day)s, 60 days after the last change. Nothing is submitted until it is signed."
        ),
    ),
    State.AWAITING_SIGNATURE: Standing(
        _("Waiting for the signature"),
        "warn",
        _("The official, %(official)s: open the link in the e-mail and sign."),
        _("On %(day)s the link stops working and this form expires. Send the link again to give more time."),
    ),
    State.SUBMITTED: Standing(
        _("Submitted"),
        "plain",
        _("The SPOT Help Desk: take up the form and compare it with the payer's file."),
        _(
            "It stays in the inbox of the help desk, the oldest on top, until somebody decides. It does not expire."
        ),
    ),
    State.IN_REVIEW: Standing(
        _("In review"),
        "plain",
        _("The SPOT Help Desk: decide, or send it back to you with remarks."),
        _("It stays with the help desk until somebody decides. It does not expire."),
    ),
    State.RETURNED: Standing(
        _("Returned for correction"),
        "bad",
        _("You: correct what the help desk remarked, then ask for the signature again."),
        _("The form expires on %(day)s, and you would have to start a new one."),
    ),
    State.APPROVED: Standing(_("Approved"), "good", NOBODY, ""),
    State.DENIED: Standing(_("Denied"), "bad", NOBODY, ""),
    State.WITHDRAWN: Standing(_("Withdrawn"), "plain", NOBODY, ""),
    State.EXPIRED: Standing(_("Expired"), "plain", NOBODY, ""),
}

# What happened, for the history. Saves are not told one by one.
EVENTS = {
    Event.ASK.value: _("Signature asked for"),
    Event.SIGN.value: _("Signed by the official, and submitted"),
    Event.TAKE.value: _("Taken up by the help desk"),
    Event.RETURN.value: _("Returned for correction"),
    Event.APPROVE.value: _("Approved"),
    Event.DENY.value: _("Denied"),
    Event.WITHDRAW.value: _("Withdrawn"),
    Event.EXPIRE.value: _("Expired"),
}


def history_lines(moves: list[tuple[str, str, str, datetime]]) -> list[tuple[datetime, Words]]:
    """(when, what) of each `(event, from state, to state, at)` worth telling, the newest first."""
    lines: list[tuple[datetime, Words]] = []
    for event, before, after, at in moves:
        words: Words = EVENTS.get(event, "")
        if event == Event.SAVE.value and before != after:
            words = _("Changed, so that it has to be signed again")
        if words:
            lines.append((at, words))
    return sorted(lines, key=lambda line: line[0], reverse=True)
