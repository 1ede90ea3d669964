"""The way in and out."""

from django.urls import path

from bailiwick.idm.signin import views

urlpatterns = [
    path("", views.sign_in, name="sign_in"),
    path("sign-in/verify/", views.verify, name="verify"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("terms/", views.terms, name="terms"),
]
