"""SPOT's doors: every room brings its own paths; here they are hung in one place, and nothing else."""

from django.urls import include, path

urlpatterns = [
    path("", include("bailiwick.spot.portal.urls")),
    path("", include("bailiwick.spot.helpdesk.urls")),
    path("", include("bailiwick.spot.formpages.urls")),
    path("", include("bailiwick.spot.signin.urls")),
    path("", include("bailiwick.spot.signin.machineurls")),
    path("", include("bailiwick.spot.signpages.urls")),
    path("", include("bailiwick.ground.program.health")),
    path("", include("bailiwick.ground.outbox.urls")),
    path("", include("bailiwick.ground.pages.urls")),
]

handler400 = "bailiwick.ground.pages.views.bad_request"
handler403 = "bailiwick.ground.pages.views.permission_denied"
handler404 = "bailiwick.ground.pages.views.not_found"
handler500 = "bailiwick.ground.pages.views.server_error"
