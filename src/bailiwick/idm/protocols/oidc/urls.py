"""The doors of the OpenID Provider. Only the configuration document names their paths to applications."""

from django.urls import path

from bailiwick.idm.protocols.oidc import authorize_views, logout_views, machine_views, no_access_views

urlpatterns = [
    path(".well-known/openid-configuration", machine_views.configuration, name="openid_configuration"),
    path("oidc/jwks.json", machine_views.jwks, name="oidc_jwks"),
    path("oidc/authorize", authorize_views.authorize, name="oidc_authorize"),
    path("oidc/token", machine_views.token, name="oidc_token"),
    path("oidc/introspect", machine_views.introspect, name="oidc_introspect"),
    path("oidc/userinfo", machine_views.userinfo, name="oidc_userinfo"),
    path("oidc/revoke", machine_views.revoke, name="oidc_revoke"),
    path("oidc/logout", logout_views.logout, name="oidc_logout"),
    path("oidc/logout/confirm", logout_views.confirm, name="oidc_logout_confirm"),
    path("no-access/", no_access_views.no_access, name="no_access"),
]
