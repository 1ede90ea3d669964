"""What other rooms may do with sign-in; the only writers are the modules of this package."""

from bailiwick.idm.signin.actions.answers import change_question
from bailiwick.idm.signin.actions.attempts import open_path
from bailiwick.idm.signin.actions.authenticators import confirm_totp, start_totp
from bailiwick.idm.signin.actions.codes import send_code
from bailiwick.idm.signin.actions.factors import remove_all_factors, remove_factor, rename_factor
from bailiwick.idm.signin.actions.forgetting import forget_old, forget_secrets
from bailiwick.idm.signin.actions.mailboxes import take_back_email_change
from bailiwick.idm.signin.actions.passkeys import (
    add_passkey,
    ask_to_add,
    ask_to_sign_in,
    ask_to_verify,
    sign_in_by_passkey,
    verify_passkey,
)
from bailiwick.idm.signin.actions.passwords import (
    change_password,
    encode_first,
    set_first_secrets,
    sign_in,
)
from bailiwick.idm.signin.actions.phones import confirm_phone, resend_to_phone, start_phone
from bailiwick.idm.signin.actions.recovering import (
    begin_recovery,
    check_recovery_step,
    prove_code,
    send_recovery_code,
    set_recovered_password,
    unlock_recovered,
)
from bailiwick.idm.signin.actions.recovery_codes import confirm_recovery_codes, start_recovery_codes
from bailiwick.idm.signin.actions.reminding import remind_of_user_id
from bailiwick.idm.signin.actions.resetting import reset_password, send_reset_link
from bailiwick.idm.signin.actions.restoring import (
    agree_to_reset,
    ask_reset,
    cancel_reset,
    settle_due_resets,
    settle_reset,
)
from bailiwick.idm.signin.actions.verifying import take_second_step

__all__ = [
    "add_passkey",
    "agree_to_reset",
    "ask_reset",
    "ask_to_add",
    "ask_to_sign_in",
    "ask_to_verify",
    "begin_recovery",
    "cancel_reset",
    "change_password",
    "change_question",
    "check_recovery_step",
    "confirm_phone",
    "confirm_recovery_codes",
    "confirm_totp",
    "encode_first",
    "forget_old",
    "forget_secrets",
    "open_path",
    "prove_code",
    "remind_of_user_id",
    "remove_all_factors",
    "remove_factor",
    "rename_factor",
    "resend_to_phone",
    "reset_password",
    "send_code",
    "send_recovery_code",
    "send_reset_link",
    "set_first_secrets",
    "set_recovered_password",
    "settle_due_resets",
    "settle_reset",
    "sign_in",
    "sign_in_by_passkey",
    "start_phone",
    "start_recovery_codes",
    "start_totp",
    "take_back_email_change",
    "take_second_step",
    "unlock_recovered",
    "verify_passkey",
]
