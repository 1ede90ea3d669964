"""The numbers that a deployment has if it sets none. (docs/rules.md, "Numbers")"""

from dataclasses import asdict, fields
from datetime import timedelta

import pytest

from bailiwick.idm.rules.limits import Limits

# Written here once more, by hand and in people's units: a number that slips is seen by whoever reads either.
NUMBERS = """
user_id_shortest: 6
user_id_longest: 74
password_shortest: 15
password_longest: 60
password_history: 6
password_change_every: 1 days
password_idle_expiry: 60 days
failures_before_lock: 3
failure_window: 2 hours
lock_time: 1 hours
failures_while_locked: 3
code_digits: 6
code_wrong_tries: 3
code_life_phone: 10 minutes
code_life_email: 30 minutes
code_resend_after: 30 seconds
codes_per_hour: 5
totp_step_seconds: 30
totp_drift_steps: 1
idle_warning: 20 minutes
idle_end: 30 minutes
longest_session: 12 hours
step_up: 15 minutes
step_up_desk: 5 minutes
authorization_code_life: 1 minutes
access_token_life: 5 minutes
refresh_token_life: 12 hours
client_assertion_longest: 5 minutes
minimum_age: 18
proofing_tries: 3
proofing_window: 1 days
proofing_cool_down: 3 days
proofing_reference_checks: 10
review_reference_life: 30 days
evidence_most: 8
upload_most_bytes: 10485760
evidence_kept: 30 days
answer_shortest: 4
answer_longest: 100
answer_wrong_tries: 3
reset_link_life: 1 hours
recovery_life: 1 hours
recovery_window: 1 hours
recoveries_per_source_an_hour: 30
recovery_failures: 6
recovery_failure_window: 6 hours
factor_reset_waits: 1 days
corrections_before_proofing: 3
merge_undone: 30 days
duplicate_cases_at_once: 5
likeness_looked_back: 2 hours
correction_document_kept: 30 days
correction_document_bytes: 10485760
request_expires: 60 days
requests_decided_at_once: 25
request_reminders: 7 days, 30 days, 50 days
inactive_after: 30 days
inactivity_warnings: 15 days, 25 days, 28 days, 29 days
reactivation_window: 7 days
removed_after: 90 days
certification_every: 365 days
certification_opens: 30 days
certification_notices: 30 days, 14 days, 7 days, 1 days
certification_told: 7 days, 1 days
late_restore: 14 days
registrations_per_ssn_a_day: 3
registrations_per_source_an_hour: 20
user_id_checks: 10
registration_draft_life: 2 hours
unproven_account_life: 14 days
held_user_id: 14 days
unclaimed_number: 1 days
registration_submits: 10
user_id_checks_per_source_an_hour: 200
invitation_life: 14 days
invitation_resends: 5
invitations_a_day: 50
invitation_kept: 90 days
email_change_waits: 1 days
email_changes_an_hour: 5
email_change_undone: 10 days
former_email_recovers: 1 days
disowning_link_life: 10 days
devices_kept: 400 days
inbox_kept: 365 days
authenticators: 2
text_phones: 1
voice_phones: 1
passkeys: 5
passkey_challenge_life: 5 minutes
recovery_codes: 10
recovery_codes_low: 3
search_letters: 3
search_rows: 50
searches_an_hour: 60
exports_an_hour: 10
look_holds: 5 minutes
reveal_lasts: 5 minutes
reveals_an_hour: 20
desk_mails_an_hour: 5
caller_check_holds: 10 minutes
caller_check_failures: 3
caller_check_window: 1 hours
radar_looks_back: 26 hours
radar_overlap: 10 minutes
radar_kilometers: 500
radar_places: 4
radar_devices: 10
radar_devices_seen: 30 days
radar_accounts_a_phone: 5
radar_accounts_a_mailbox: 3
radar_quiet: 90 days
radar_cases_at_once: 100
"""
TOLD = dict(line.split(": ") for line in NUMBERS.strip().splitlines())


def number(text: str) -> object:
    """3, or 30 days, or several of either."""
    if ", " in text:
        return tuple(map(number, text.split(", ")))
    amount, _, unit = text.partition(" ")
    return timedelta(**{unit: int(amount)}) if unit else int(amount)


@pytest.mark.parametrize("name", TOLD)
def test_a_number_is_what_the_table_says(name):
    """Every default, to the second. [numbers]"""
    assert getattr(Limits(), name) == number(TOLD[name])


def test_no_number_is_left_out_here():
    """Whoever adds a number says it here, too. [numbers]"""
    assert [each.name for each in fields(Limits)] == list(TOLD)


def test_the_numbers_cannot_be_changed_while_a_program_runs():
    """They are read once, at the start. [numbers]"""
    limits = Limits()
    with pytest.raises(AttributeError):
        limits.lock_time = timedelta()
    assert asdict(limits) == asdict(Limits())
