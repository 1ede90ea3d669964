"""The way in and out."""

from django.urls import path

from bailiwick.idm.rules.recovering import Goal
from bailiwick.idm.signin import (
    cancel_views,
    passkey_views,
    recovery_views,
    reset_views,
    terms_views,
    verify_views,
    views,
)

PASSWORD, UNLOCK = {"goal": Goal.NEW_PASSWORD}, {"goal": Goal.UNLOCK}

urlpatterns = [
    path("", views.sign_in, name="sign_in"),
    path("sign-in/verify/", verify_views.verify, name="verify"),
    path("sign-in/verify/passkey/", passkey_views.ask_to_verify, name="verify_passkey_options"),
    path("sign-in/passkey/", passkey_views.sign_in_by_passkey, name="passkey_sign_in"),
    path("sign-in/passkey/options/", passkey_views.ask_to_sign_in, name="passkey_sign_in_options"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("forgot-password/", recovery_views.start, PASSWORD, name="forgot_password"),
    path("forgot-password/way/", recovery_views.way, PASSWORD, name="forgot_password_way"),
    path("forgot-password/code/", recovery_views.code, PASSWORD, name="forgot_password_code"),
    path("forgot-password/new/", recovery_views.last, PASSWORD, name="forgot_password_last"),
    path("forgot-password/done/", recovery_views.done, PASSWORD, name="forgot_password_done"),
    path("unlock/", recovery_views.start, UNLOCK, name="unlock"),
    path("unlock/way/", recovery_views.way, UNLOCK, name="unlock_way"),
    path("unlock/code/", recovery_views.code, UNLOCK, name="unlock_code"),
    path("unlock/answer/", recovery_views.last, UNLOCK, name="unlock_last"),
    path("unlock/done/", recovery_views.done, UNLOCK, name="unlock_done"),
    path("forgot-user-id/", recovery_views.forgot_user_id, name="forgot_user_id"),
    path("forgot-user-id/sent/", recovery_views.forgot_user_id_done, name="forgot_user_id_done"),
    path("factor-reset/canceled/", cancel_views.canceled, name="factor_reset_canceled"),
    path("factor-reset/<str:token>/", cancel_views.cancel, name="factor_reset"),
    path("reset-password/done/", reset_views.done, name="reset_done"),
    path("reset-password/<str:token>/", reset_views.reset, name="reset_password"),
    path("terms/", views.terms, name="terms"),
    path("terms/accept/", terms_views.accept, name="accept_terms"),
]
