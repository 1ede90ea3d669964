"""My Profile (R-9)."""

from django.urls import path

from bailiwick.idm.portal.profile import (
    email_views,
    inbox_views,
    mfa_add_views,
    mfa_views,
    notice_views,
    question_views,
    session_views,
    views,
)

urlpatterns = [
    path("profile/", views.personal, name="profile"),
    path("profile/edit/", views.edit_personal, name="profile_edit"),
    path("profile/business/", views.business, name="profile_business"),
    path("profile/business/edit/", views.edit_business, name="profile_business_edit"),
    path("profile/password/", views.change_password, name="profile_password"),
    path("profile/question/", question_views.question, name="profile_question"),
    path("profile/question/edit/", question_views.edit_question, name="profile_question_edit"),
    path("profile/email/edit/", email_views.ask, name="profile_email"),
    path("profile/email/asked/", email_views.asked, name="profile_email_asked"),
    path("profile/email/confirm/<str:token>/", email_views.confirm, name="profile_email_confirm"),
    path("email-undo/done/", email_views.taken_back, name="email_taken_back"),
    path("email-undo/<str:token>/", email_views.take_back, name="email_take_back"),
    path("profile/sessions/", session_views.sessions, name="profile_sessions"),
    path("profile/sessions/end-others/", session_views.end_others, name="profile_sessions_end_others"),
    path("profile/sessions/<uuid:identifier>/end/", session_views.end, name="profile_sessions_end"),
    path("profile/inbox/", inbox_views.letters, name="profile_inbox"),
    path("profile/inbox/<int:number>/", inbox_views.letter, name="profile_letter"),
    path("profile/notices/", notice_views.notices, name="profile_notices"),
    path("profile/mailbox-works/", notice_views.mailbox_works, name="mailbox_works"),
    path("profile/mfa/", mfa_views.devices, name="profile_mfa"),
    path("profile/mfa/add/", mfa_add_views.choose, name="profile_mfa_add"),
    path("profile/mfa/add/<str:kind>/", mfa_add_views.add, name="profile_mfa_add_kind"),
    path("profile/mfa/passkey/options/", mfa_add_views.ask_passkey, name="profile_mfa_passkey_options"),
    path("profile/mfa/<uuid:identifier>/verify/", mfa_add_views.confirm, name="profile_mfa_verify"),
    path("profile/mfa/<uuid:identifier>/codes.txt", mfa_add_views.download, name="profile_mfa_codes"),
    path("profile/mfa/<uuid:identifier>/edit/", mfa_views.edit, name="profile_mfa_edit"),
    path("profile/mfa/<uuid:identifier>/remove/", mfa_views.remove, name="profile_mfa_remove"),
]
