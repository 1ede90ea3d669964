from django.urls import path

from bailiwick.idm.portal.roles import change_views, views

ROLE = "roles/<uuid:grant_id>/"

urlpatterns = [
    path("roles/", views.manage_my_roles, name="roles"),
    path(ROLE, views.role_details, name="role-details"),
    path(f"{ROLE}why/", change_views.why, name="role-why"),
    path(f"{ROLE}modify/", change_views.modify, name="role-modify"),
    path(f"{ROLE}end-date/", change_views.end_date, name="role-end-date"),
    path(f"{ROLE}remove/", views.remove_role, name="role-remove"),
]
