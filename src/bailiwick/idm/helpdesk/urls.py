"""Pages for approvers and desks."""

from django.urls import path

from bailiwick.idm.helpdesk import organization_views, views

urlpatterns = [
    path("manage-users/", views.manage_users, name="manage-users"),
    path("manage-users/roles/<uuid:grant_id>/remove/", views.remove_role, name="manage-users-remove"),
    path("manage-users/roles/<uuid:grant_id>/removed/", views.removed, name="manage-users-removed"),
    path("organizations/<str:submitter_id>/", organization_views.organization, name="organization"),
]
