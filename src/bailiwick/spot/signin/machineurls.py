"""Paths that IDM knows; their names are part of the agreement between the two programs (spec "Doors for machines")."""

from django.urls import path

from bailiwick.spot.signin import machinedoors, views

urlpatterns = [
    path("oidc/callback", views.callback, name="oidc-callback"),
    path("oidc/backchannel-logout", machinedoors.backchannel_logout, name="oidc-backchannel-logout"),
    path("oidc/events", machinedoors.events, name="oidc-events"),
    path("oidc/jwks.json", machinedoors.keys, name="oidc-keys"),
]
