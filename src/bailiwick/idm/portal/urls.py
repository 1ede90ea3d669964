"""The account holder's pages."""

from django.urls import include, path

urlpatterns = [
    path("", include("bailiwick.idm.portal.home.urls")),
    path("", include("bailiwick.idm.portal.profile.urls")),
    path("", include("bailiwick.idm.portal.corrections.urls")),
    path("", include("bailiwick.idm.portal.rolerequest.urls")),
    path("", include("bailiwick.idm.portal.roles.urls")),
    path("", include("bailiwick.idm.portal.requests.urls")),
    path("", include("bailiwick.idm.portal.certifications.urls")),
    path("", include("bailiwick.idm.portal.invitations.urls")),
]
