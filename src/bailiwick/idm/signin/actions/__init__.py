"""What other rooms may do with sign-in; the only writers are the modules of this package."""

from bailiwick.idm.signin.actions.attempts import open_path
from bailiwick.idm.signin.actions.codes import send_code
from bailiwick.idm.signin.actions.factors import (
    confirm_totp,
    remove_factor,
    rename_factor,
    start_totp,
    take_second_step,
)
from bailiwick.idm.signin.actions.forgetting import forget_old
from bailiwick.idm.signin.actions.passwords import (
    change_password,
    encode_first,
    set_first_secrets,
    sign_in,
)
from bailiwick.idm.signin.actions.resetting import reset_password, send_reset_link

__all__ = [
    "change_password",
    "confirm_totp",
    "encode_first",
    "forget_old",
    "open_path",
    "remove_factor",
    "rename_factor",
    "reset_password",
    "send_code",
    "send_reset_link",
    "set_first_secrets",
    "sign_in",
    "start_totp",
    "take_second_step",
]
