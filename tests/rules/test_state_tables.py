"""Every state table of IDM, written once more as people read it: a step that slips in or out is seen. (I-2)"""

from collections.abc import Iterator
from types import ModuleType

import pytest

from bailiwick.idm.rules import (
    accounts,
    certification,
    closing,
    corrections,
    desk,
    devices,
    duplicates,
    factors,
    grants,
    invitations,
    mailboxes,
    manual,
    proofing,
    recovering,
    requests,
    resetting,
    restoring,
    sharing,
)

MODULES: tuple[ModuleType, ...] = (
    accounts,
    certification,
    closing,
    corrections,
    desk,
    devices,
    duplicates,
    factors,
    grants,
    invitations,
    mailboxes,
    manual,
    proofing,
    recovering,
    requests,
    resetting,
    restoring,
    sharing,
)
TOLD = """
accounts.ACCOUNT_STEPS
    active: suspend > suspended, archive > archived, discard > discarded, merge > merged
    suspended: unsuspend > active, archive > archived
    archived: reopen > active
    discarded:
    merged: undo_merge > active
accounts.SSN_STEPS
    claim: verify > verified, void > void, replace > void
    verified: replace > former
    void:
    former: restore > verified
certification.STEPS
    open: certify > certified, remove > removed, miss > missed, end > ended
    certified:
    removed:
    missed: restore > certified
    ended:
closing.STEPS
    proposed: agree > done, reject > rejected
    done:
    rejected:
corrections.STEPS
    pending: agree > agreed, approve > approved, deny > denied, cancel > canceled
    agreed: approve > approved, deny > denied, cancel > canceled
    approved:
    denied:
    canceled:
desk.CHECK_STEPS
    live: match > passed, wrong_too_often > void, replace > void
    passed:
    void:
devices.FREEZE_STEPS
    open: this_was_not_me > frozen
    frozen: recovery_completed > open
duplicates.CASE_STEPS
    open: find_different > different, propose > proposed
    proposed: reject > open, merge > same
    same: undo > open
    different:
duplicates.MERGE_STEPS
    proposed: agree > done, reject > rejected
    done: undo > undone
    rejected:
    undone:
factors.CODE_STEPS
    live: match > used, wrong_too_often > void, replace > void
    used:
    void:
grants.STEPS
    active: rest > inactive, close > closed, end > ended
    inactive: close > closed, end > ended
    closed: reopen > active, rest > inactive, end > ended
    ended: restore > active
invitations.STEPS
    open: resend > open, take > taken, revoke > revoked, expire > expired
    taken:
    revoked:
    expired:
mailboxes.CHANGE_STEPS
    waiting: confirm > confirmed, ask_again > replaced, take_back > taken_back
    confirmed: take_back > taken_back
    replaced: take_back > taken_back
    taken_back:
manual.STEPS
    collecting: hand_in > waiting, close > closed
    waiting: ask_for_more > collecting, propose_verify > verify_proposed, propose_refuse > refuse_proposed, verify > verified, refuse > refused, ssn_taken > void, close > closed
    verify_proposed: verify > verified, send_back > waiting, ssn_taken > void, close > closed
    refuse_proposed: refuse > refused, send_back > waiting, close > closed
    verified:
    refused:
    void:
    closed:
proofing.STEPS
    consented: verified > verified, call > call, not_verified > not_verified, ssn_taken > void, unavailable > consented, facts_changed > consented
    call: verified > verified, call > call, not_verified > not_verified, ssn_taken > void, unavailable > call, facts_changed > call
    not_verified: verified > verified, call > call, not_verified > not_verified, ssn_taken > void, unavailable > not_verified, facts_changed > not_verified
    void:
    verified:
recovering.RECOVERY_STEPS
    started: send > sent, replace > void
    sent: send > sent, match > proved, replace > void
    proved: send > sent, finish > done, wrong_too_often > void, replace > void
    done:
    void:
requests.STEPS
    pending: approve > approved, deny > denied, cancel > cancelled, expire > expired
    approved:
    denied:
    cancelled:
    expired:
resetting.LINK_STEPS
    live: use > used, replace > void, wrong_too_often > void, password_changed > void
    used:
    void:
restoring.RESET_STEPS
    waiting: come_due > done, second_agrees > done, cancel > canceled
    done:
    canceled:
sharing.STEPS
    open: dismiss > nothing_found, stop > stopped
    nothing_found:
    stopped:
"""


def tables() -> Iterator[tuple[str, dict]]:
    for module in MODULES:
        for name, value in vars(module).items():
            if name.endswith("STEPS") and isinstance(value, dict):
                yield f"{module.__name__.rpartition('.')[2]}.{name}", value


def told() -> dict[str, dict[str, dict[str, str]]]:
    """Table, state, event, state."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    for line in TOLD.strip().splitlines():
        if not line.startswith(" "):
            table = found.setdefault(line, {})
            continue
        state, _, steps = line.strip().partition(":")
        pairs = (step.split(" > ") for step in filter(None, steps.strip().split(", ")))
        table[state] = dict(pairs)
    return found


@pytest.mark.parametrize(("name", "table"), list(tables()))
def test_a_table_has_these_steps_and_no_others(name, table):
    """What is not in it does not happen. [A-2, A-5, A-7, R-5, R-7, R-9, I-2]"""
    shown = {
        state.value: {event.value: target.value for event, target in steps.items()}
        for state, steps in table.items()
    }
    assert shown == told()[name]


def test_every_table_is_told_here():
    """Whoever makes one tells it here, too. [I-2]"""
    assert [name for name, _ in tables()] == list(told())
