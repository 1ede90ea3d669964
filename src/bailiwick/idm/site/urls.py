"""IDM's doors: every room brings its own paths; here they are hung in one place, and nothing else."""

from django.urls import include, path

urlpatterns = [
    path("", include("bailiwick.idm.signin.urls")),
    path("", include("bailiwick.idm.sessions.urls")),
    path("", include("bailiwick.idm.registration.urls")),
    path("", include("bailiwick.idm.portal.urls")),
    path("", include("bailiwick.idm.helpdesk.urls")),
    path("", include("bailiwick.idm.protocols.oidc.urls")),
    path("", include("bailiwick.idm.protocols.provisioning.urls")),
    path("", include("bailiwick.ground.outbox.urls")),
    path("", include("bailiwick.ground.pages.urls")),
    path("", include("bailiwick.ground.program.health")),
]

handler400 = "bailiwick.ground.pages.views.bad_request"
handler403 = "bailiwick.ground.pages.views.permission_denied"
handler404 = "bailiwick.ground.pages.views.not_found"
handler500 = "bailiwick.ground.pages.views.server_error"
