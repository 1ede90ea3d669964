"""Paths of signing in and out."""

from django.urls import path

from bailiwick.spot.signin import views

app_name = "spot_signin"

urlpatterns = [
    path("sign-in/", views.start, name="start"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("signed-out/", views.signed_out, name="signed_out"),
    path("stay-signed-in/", views.stay, name="stay"),
]
