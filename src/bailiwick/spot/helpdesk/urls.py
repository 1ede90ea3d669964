"""Paths of SPOT's help desk."""

from django.urls import path

from bailiwick.spot.helpdesk import views

app_name = "spot_helpdesk"

urlpatterns = [
    path("desk/", views.inbox, name="inbox"),
    path("desk/<str:tracking>/", views.show, name="case"),
    path("desk/<str:tracking>/signed.pdf", views.signed_form, name="signed-form"),
    path("desk/<str:tracking>/list.csv", views.listed, name="list"),
    path("desk/<str:tracking>/take/", views.take, name="take"),
    path("desk/<str:tracking>/callback/", views.callback, name="callback"),
    path("desk/<str:tracking>/approve/", views.approve, name="approve"),
    path("desk/<str:tracking>/deny/", views.deny, name="deny"),
    path("desk/<str:tracking>/return/", views.give_back, name="return"),
]
