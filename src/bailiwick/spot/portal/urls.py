"""Paths of SPOT's own pages."""

from django.urls import path

from bailiwick.spot.portal import activity_views, capacity_views, service_views, views

app_name = "spot_portal"

urlpatterns = [
    path("", views.start, name="start"),
    path("guides/", views.guides, name="guides"),
    path("guides/<slug:code>/", views.guide, name="guide"),
    path("home/", views.home, name="home"),
    path("home/sign-in-by.ics", activity_views.sign_in_by, name="sign-in-by"),
    path("account/", views.account, name="account"),
    path("working-as/", capacity_views.working_as, name="working-as"),
    path("providers/", service_views.providers, name="providers"),
    path("account/<slug:submitter_id>/services/", service_views.services, name="services"),
    path(
        "account/<slug:submitter_id>/services/<uuid:mandate>/end/",
        service_views.end_mandate,
        name="end-mandate",
    ),
]
