"""Routed by a site only in a development run."""

from django.urls import path

from bailiwick.ground.outbox import views

urlpatterns = [
    path("mailbox/", views.mailbox, name="mailbox"),
    path("mailbox/<int:number>/", views.mail, name="mailbox-mail"),
    path("mailbox/<int:number>/html/", views.mail_html, name="mailbox-mail-html"),
    path("mailbox.json", views.mailbox_json, name="mailbox-json"),
]
