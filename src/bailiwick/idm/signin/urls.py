"""The way in and out."""

from django.urls import path

from bailiwick.idm.signin import reset_views, views

urlpatterns = [
    path("", views.sign_in, name="sign_in"),
    path("sign-in/verify/", views.verify, name="verify"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("reset-password/done/", reset_views.done, name="reset_done"),
    path("reset-password/<str:token>/", reset_views.reset, name="reset_password"),
    path("terms/", views.terms, name="terms"),
]
