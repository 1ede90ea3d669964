from django.urls import path

from bailiwick.idm.portal.roles import views

urlpatterns = [
    path("roles/", views.manage_my_roles, name="roles"),
    path("roles/<uuid:grant_id>/", views.role_details, name="role-details"),
    path("roles/<uuid:grant_id>/remove/", views.remove_role, name="role-remove"),
]
