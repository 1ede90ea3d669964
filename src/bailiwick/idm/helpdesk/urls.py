from django.urls import path

from bailiwick.idm.helpdesk import (
    call_views,
    correction_views,
    duplicate_views,
    joined_views,
    organization_views,
    person_views,
    proofing_views,
    restore_views,
    role_views,
    views,
)

PERSON = "manage-users/people/<uuid:person_id>/"

urlpatterns = [
    path("manage-users/", views.manage_users, name="manage-users"),
    path("manage-users/roles/<uuid:grant_id>/remove/", views.remove_role, name="manage-users-remove"),
    path("manage-users/roles/<uuid:grant_id>/removed/", views.removed, name="manage-users-removed"),
    path(PERSON, person_views.person, name="desk-person"),
    path(f"{PERSON}reveal/<str:value>/", person_views.reveal, name="desk-reveal"),
    path(f"{PERSON}hide/", person_views.hide, name="desk-hide"),
    path(f"{PERSON}unlock/", person_views.unlock, name="desk-unlock"),
    path(f"{PERSON}user-id/", person_views.user_id, name="desk-user-id"),
    path(f"{PERSON}caller/", call_views.caller, name="desk-caller"),
    path(f"{PERSON}reset-link/", call_views.reset_link, name="desk-reset-link"),
    path(f"{PERSON}reset-factors/", restore_views.factors, name="desk-reset-factors"),
    path(f"{PERSON}email/", restore_views.email, name="desk-email"),
    path(f"{PERSON}agree/", restore_views.agree, name="desk-agree"),
    path(f"{PERSON}roles/", role_views.remove, name="desk-roles"),
    path(f"{PERSON}requests/<str:number>/cancel/", role_views.cancel, name="desk-cancel"),
    path("manage-users/proofing/", proofing_views.queue, name="desk-proofing-queue"),
    path(f"{PERSON}proofing/", proofing_views.case, name="desk-proofing"),
    path(f"{PERSON}proofing/<str:act>/", proofing_views.decide, name="desk-proofing-decide"),
    path(
        f"{PERSON}proofing/evidence/<uuid:evidence_id>/",
        proofing_views.evidence,
        name="desk-proofing-evidence",
    ),
    path("manage-users/duplicates/", duplicate_views.queue, name="desk-duplicates"),
    path("manage-users/duplicates/<uuid:case_id>/", duplicate_views.case, name="desk-duplicate"),
    path("manage-users/duplicates/<uuid:case_id>/hide/", duplicate_views.hide, name="desk-duplicate-hide"),
    path(
        "manage-users/duplicates/<uuid:case_id>/<str:side>/reveal/<str:value>/",
        duplicate_views.show,
        name="desk-duplicate-reveal",
    ),
    path(
        "manage-users/duplicates/<uuid:case_id>/<str:act>/",
        duplicate_views.decide,
        name="desk-duplicate-decide",
    ),
    path("manage-users/corrections/", correction_views.queue, name="desk-corrections"),
    path(
        "manage-users/corrections/<uuid:correction_id>/", correction_views.correction, name="desk-correction"
    ),
    path(
        "manage-users/corrections/<uuid:correction_id>/decide/",
        correction_views.decide,
        name="desk-correction-decide",
    ),
    path(
        "manage-users/corrections/<uuid:correction_id>/document/",
        correction_views.document,
        name="desk-correction-document",
    ),
    path(
        "manage-users/corrections/<uuid:correction_id>/reveal/<str:value>/",
        correction_views.show,
        name="desk-correction-reveal",
    ),
    path("manage-users/decisions/", joined_views.queue, name="desk-joined"),
    path("manage-users/decisions/<uuid:joined_id>/", joined_views.decision, name="desk-joined-decision"),
    path("organizations/<str:submitter_id>/", organization_views.organization, name="organization"),
]
