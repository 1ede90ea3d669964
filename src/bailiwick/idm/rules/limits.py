"""Every number of IDM in one frozen object, with the deployment's defaults (docs/rules.md, "Numbers")."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Limits:
    user_id_shortest: int = 6
    user_id_longest: int = 74
    password_shortest: int = 15
    password_longest: int = 60
    password_history: int = 6
    password_change_every: timedelta = timedelta(hours=24)
    password_idle_expiry: timedelta = timedelta(days=60)

    failures_before_lock: int = 3
    failure_window: timedelta = timedelta(minutes=120)
    lock_time: timedelta = timedelta(minutes=60)
    failures_while_locked: int = 3

    code_digits: int = 6
    code_wrong_tries: int = 3
    code_life_phone: timedelta = timedelta(minutes=10)
    code_life_email: timedelta = timedelta(minutes=30)
    code_resend_after: timedelta = timedelta(seconds=30)
    codes_per_hour: int = 5
    totp_step_seconds: int = 30
    totp_drift_steps: int = 1

    idle_warning: timedelta = timedelta(minutes=20)
    idle_end: timedelta = timedelta(minutes=30)
    longest_session: timedelta = timedelta(hours=12)
    step_up: timedelta = timedelta(minutes=15)
    step_up_desk: timedelta = timedelta(minutes=5)
    authorization_code_life: timedelta = timedelta(seconds=60)
    access_token_life: timedelta = timedelta(minutes=5)
    refresh_token_life: timedelta = timedelta(hours=12)
    client_assertion_longest: timedelta = timedelta(minutes=5)

    minimum_age: int = 18
    proofing_tries: int = 3
    proofing_window: timedelta = timedelta(hours=24)
    proofing_cool_down: timedelta = timedelta(hours=72)
    proofing_reference_checks: int = 10
    review_reference_life: timedelta = timedelta(days=30)
    evidence_most: int = 8
    upload_most_bytes: int = 10 * 1024**2
    evidence_kept: timedelta = timedelta(days=30)
    answer_shortest: int = 4
    answer_longest: int = 100
    answer_wrong_tries: int = 3
    reset_link_life: timedelta = timedelta(minutes=60)
    recovery_life: timedelta = timedelta(minutes=60)
    recovery_window: timedelta = timedelta(hours=1)
    recoveries_per_source_an_hour: int = 30
    recovery_failures: int = 6
    recovery_failure_window: timedelta = timedelta(hours=6)
    factor_reset_waits: timedelta = timedelta(hours=24)
    corrections_before_proofing: int = 3
    merge_undone: timedelta = timedelta(days=30)
    duplicate_cases_at_once: int = 5
    likeness_looked_back: timedelta = timedelta(hours=2)
    correction_document_kept: timedelta = timedelta(days=30)
    correction_document_bytes: int = 10 * 1024 * 1024

    request_expires: timedelta = timedelta(days=60)
    requests_decided_at_once: int = 25
    request_reminders: tuple[timedelta, ...] = (timedelta(days=7), timedelta(days=30), timedelta(days=50))
    inactive_after: timedelta = timedelta(days=30)
    inactivity_warnings: tuple[timedelta, ...] = tuple(timedelta(days=day) for day in (15, 25, 28, 29))
    reactivation_window: timedelta = timedelta(days=7)
    removed_after: timedelta = timedelta(days=90)
    certification_every: timedelta = timedelta(days=365)
    certification_opens: timedelta = timedelta(days=30)
    certification_notices: tuple[timedelta, ...] = tuple(timedelta(days=day) for day in (30, 14, 7, 1))
    certification_told: tuple[timedelta, ...] = tuple(timedelta(days=day) for day in (7, 1))
    late_restore: timedelta = timedelta(days=14)

    registrations_per_ssn_a_day: int = 3
    registrations_per_source_an_hour: int = 20
    user_id_checks: int = 10
    registration_draft_life: timedelta = timedelta(hours=2)
    unproven_account_life: timedelta = timedelta(days=14)
    held_user_id: timedelta = timedelta(days=14)
    unclaimed_number: timedelta = timedelta(days=1)
    registration_submits: int = 10
    user_id_checks_per_source_an_hour: int = 200
    invitation_life: timedelta = timedelta(days=14)
    invitation_resends: int = 5
    invitations_a_day: int = 50
    invitation_kept: timedelta = timedelta(days=90)

    email_change_waits: timedelta = timedelta(hours=24)
    email_changes_an_hour: int = 5
    email_change_undone: timedelta = timedelta(days=10)
    former_email_recovers: timedelta = timedelta(hours=24)
    disowning_link_life: timedelta = timedelta(days=10)
    devices_kept: timedelta = timedelta(days=400)
    inbox_kept: timedelta = timedelta(days=365)

    authenticators: int = 2
    text_phones: int = 1
    voice_phones: int = 1
    passkeys: int = 5
    passkey_challenge_life: timedelta = timedelta(minutes=5)
    recovery_codes: int = 10
    recovery_codes_low: int = 3
    search_letters: int = 3
    search_rows: int = 50
    searches_an_hour: int = 60
    exports_an_hour: int = 10

    look_holds: timedelta = timedelta(minutes=5)
    reveal_lasts: timedelta = timedelta(minutes=5)
    reveals_an_hour: int = 20
    desk_mails_an_hour: int = 5
    caller_check_holds: timedelta = timedelta(minutes=10)
    caller_check_failures: int = 3
    caller_check_window: timedelta = timedelta(minutes=60)

    radar_looks_back: timedelta = timedelta(hours=26)
    radar_overlap: timedelta = timedelta(minutes=10)
    radar_kilometers: int = 500
    radar_places: int = 4
    radar_devices: int = 10
    radar_devices_seen: timedelta = timedelta(days=30)
    radar_accounts_a_phone: int = 5
    radar_accounts_a_mailbox: int = 3
    radar_quiet: timedelta = timedelta(days=90)
    radar_cases_at_once: int = 100
