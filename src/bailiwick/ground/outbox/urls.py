"""The mailbox of a development run; in production there is none."""

from django.conf import settings
from django.urls import path

from bailiwick.ground.outbox import views

mailbox = [
    path("mailbox/", views.mailbox, name="mailbox"),
    path("mailbox/<int:number>/", views.mail, name="mailbox-mail"),
    path("mailbox/<int:number>/html/", views.mail_html, name="mailbox-mail-html"),
    path("mailbox.json", views.mailbox_json, name="mailbox-json"),
]
urlpatterns = mailbox if settings.DEVELOPMENT else []
