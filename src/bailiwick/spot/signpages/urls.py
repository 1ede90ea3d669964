"""The path of the link that an official gets by mail."""

from django.urls import path

from bailiwick.spot.signpages import views

urlpatterns = [
    path("sign/<str:token>/", views.sign, name="sign"),
    path("sign/<str:token>/list.csv", views.listed, name="signing-list"),
    path("sign/<str:token>/signed.pdf", views.signed_form, name="signed-form"),
]
