"""The bureau's doors: one for machines, one for its phone agent, and its health."""

from django.urls import include, path, re_path

from bailiwick.bureau import views

urlpatterns = [
    path("", views.start),
    path("v1/verifications", views.verifications, name="verifications"),
    path("agent/", views.find_review, name="agent"),
    # Only what can be a reference: PostgreSQL takes no NUL, and a path can hold one.
    re_path(r"^agent/(?P<reference>[A-Z0-9-]{1,32})/$", views.review, name="review"),
    path("", include("bailiwick.ground.program.health")),
    path("", include("bailiwick.ground.pages.urls")),
]

handler400 = "bailiwick.ground.pages.views.bad_request"
handler403 = "bailiwick.ground.pages.views.permission_denied"
handler404 = "bailiwick.ground.pages.views.not_found"
handler500 = "bailiwick.ground.pages.views.server_error"
