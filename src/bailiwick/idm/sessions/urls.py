"""Staying signed in, and disowning a sign-in."""

from django.urls import path

from bailiwick.idm.sessions import views

urlpatterns = [
    path("stay/", views.stay, name="stay"),
    path("stay/done/", views.stayed, name="stayed"),
    path("not-me/done/", views.not_me_done, name="not_me_done"),
    path("not-me/<str:token>/", views.not_me, name="not_me"),
]
