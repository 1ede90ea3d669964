from django.urls import path

from bailiwick.idm.helpdesk import call_views, organization_views, person_views, role_views, views

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
    path(f"{PERSON}roles/", role_views.remove, name="desk-roles"),
    path(f"{PERSON}requests/<str:number>/cancel/", role_views.cancel, name="desk-cancel"),
    path("organizations/<str:submitter_id>/", organization_views.organization, name="organization"),
]
