"""Paths of SPOT's help desk."""

from django.urls import path

from bailiwick.spot.helpdesk import (
    document_views,
    giving_views,
    registry_views,
    report_views,
    undelivered_views,
    views,
)

app_name = "spot_helpdesk"

urlpatterns = [
    path("desk/", views.inbox, name="inbox"),
    path("desk/registry/", registry_views.registry, name="registry"),
    path("desk/registry/<slug:submitter_id>/", registry_views.record, name="record"),
    path("desk/times/", report_views.times, name="times"),
    path("desk/reports/", report_views.reports, name="reports"),
    path("desk/reports/<slug:code>/", report_views.report, name="report"),
    path("desk/reports/<slug:code>/export/", report_views.export, name="export"),
    path("desk/comparison/", registry_views.comparison, name="comparison"),
    path("desk/undelivered/", undelivered_views.listing, name="undelivered"),
    path("desk/undelivered/<int:message_id>/retry/", undelivered_views.retry, name="undelivered-retry"),
    path("desk/<str:tracking>/", views.show, name="case"),
    path("desk/<str:tracking>/signed.pdf", views.signed_form, name="signed-form"),
    path("desk/<str:tracking>/letters/<int:number>.pdf", document_views.letter, name="letter"),
    path("desk/<str:tracking>/document.pdf", document_views.signed_document, name="document"),
    path("desk/<str:tracking>/confirm/", views.confirm, name="confirm"),
    path("desk/<str:tracking>/list.csv", views.listed, name="list"),
    path("desk/<str:tracking>/give/", giving_views.give, name="give"),
    path("desk/<str:tracking>/take/", views.take, name="take"),
    path("desk/<str:tracking>/callback/", views.callback, name="callback"),
    path("desk/<str:tracking>/objections/", views.settle, name="settle"),
    path("desk/<str:tracking>/approve/", views.approve, name="approve"),
    path("desk/<str:tracking>/deny/", views.deny, name="deny"),
    path("desk/<str:tracking>/return/", views.give_back, name="return"),
]
