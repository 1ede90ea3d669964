"""My Profile: Ask for a Correction (A-7)."""

from django.urls import path

from bailiwick.idm.portal.corrections import views

urlpatterns = [
    path("profile/corrections/", views.corrections, name="profile_corrections"),
    path("profile/corrections/ask/<str:kind>/", views.ask, name="profile_corrections_ask"),
    path(
        "profile/corrections/<uuid:correction_id>/cancel/",
        views.cancel,
        name="profile_corrections_cancel",
    ),
]
