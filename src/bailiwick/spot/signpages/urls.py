"""The paths of links that come by mail: to whoever signs, and to whoever may object."""

from django.urls import path

from bailiwick.spot.signpages import document_views, objecting, views

urlpatterns = [
    path("object/<str:token>/", objecting.objecting, name="object"),
    path("sign/<str:token>/", views.sign, name="sign"),
    path("sign/<str:token>/list.csv", views.listed, name="signing-list"),
    path("sign/<str:token>/document/", document_views.document, name="sign-document"),
    path("sign/<str:token>/form.pdf", document_views.to_sign, name="form-to-sign"),
    path("sign/<str:token>/signed.pdf", views.signed_form, name="signed-form"),
]
