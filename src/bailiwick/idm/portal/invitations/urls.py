"""Invitations: the approvers' list, and the page that a mailed link leads to."""

from django.urls import path

from bailiwick.idm.portal.invitations import views

MANAGED = "manage-users/invitations/"

urlpatterns = [
    path(MANAGED, views.invitations, name="invitations"),
    path(f"{MANAGED}new/", views.new, name="invitation-new"),
    path(f"{MANAGED}<uuid:invitation_id>/resend/", views.resend, name="invitation-resend"),
    path(f"{MANAGED}<uuid:invitation_id>/revoke/", views.revoke, name="invitation-revoke"),
    path("role-request/invitation/<uuid:invitation_id>/", views.take_mine, name="invitation-take"),
    path("invitations/<str:token>/", views.invitation, name="invitation"),
]
