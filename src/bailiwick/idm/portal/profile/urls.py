"""My Profile (R-9)."""

from django.urls import path

from bailiwick.idm.portal.profile import mfa_views, views

urlpatterns = [
    path("profile/", views.personal, name="profile"),
    path("profile/edit/", views.edit_personal, name="profile_edit"),
    path("profile/business/", views.business, name="profile_business"),
    path("profile/business/edit/", views.edit_business, name="profile_business_edit"),
    path("profile/password/", views.change_password, name="profile_password"),
    path("profile/mfa/", mfa_views.devices, name="profile_mfa"),
    path("profile/mfa/add/", mfa_views.add, name="profile_mfa_add"),
    path("profile/mfa/<uuid:identifier>/verify/", mfa_views.confirm, name="profile_mfa_verify"),
    path("profile/mfa/<uuid:identifier>/edit/", mfa_views.rename, name="profile_mfa_edit"),
    path("profile/mfa/<uuid:identifier>/remove/", mfa_views.remove, name="profile_mfa_remove"),
]
