"""Paths of SPOT's own pages."""

from django.urls import path

from bailiwick.spot.portal import service_views, views

app_name = "spot_portal"

urlpatterns = [
    path("", views.start, name="start"),
    path("guides/", views.guides, name="guides"),
    path("guides/<slug:code>/", views.guide, name="guide"),
    path("home/", views.home, name="home"),
    path("account/", views.account, name="account"),
    path("account/<slug:submitter_id>/services/", service_views.services, name="services"),
    path(
        "account/<slug:submitter_id>/services/<uuid:mandate>/end/",
        service_views.end_mandate,
        name="end-mandate",
    ),
]
