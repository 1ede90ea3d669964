"""The doors of the OpenID Provider. Only the configuration document names their paths to applications."""

from django.urls import path

from bailiwick.idm.protocols.oidc import authorize, logout, machines, noaccess

urlpatterns = [
    path(".well-known/openid-configuration", machines.configuration, name="openid_configuration"),
    path("oidc/jwks.json", machines.jwks, name="oidc_jwks"),
    path("oidc/authorize", authorize.authorize, name="oidc_authorize"),
    path("oidc/token", machines.token, name="oidc_token"),
    path("oidc/introspect", machines.introspect, name="oidc_introspect"),
    path("oidc/userinfo", machines.userinfo, name="oidc_userinfo"),
    path("oidc/revoke", machines.revoke, name="oidc_revoke"),
    path("oidc/logout", logout.logout, name="oidc_logout"),
    path("oidc/logout/confirm", logout.confirm, name="oidc_logout_confirm"),
    path("no-access/", noaccess.no_access, name="no_access"),
]
