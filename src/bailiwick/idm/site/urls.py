"""IDM's doors: every room brings its own paths; here they are hung in one place, and nothing else."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

ROOMS = [
    ("", "bailiwick.idm.signin.urls"),
    ("", "bailiwick.idm.registration.urls"),
    ("", "bailiwick.idm.portal.urls"),
    ("", "bailiwick.idm.portal.profile.urls"),
    ("", "bailiwick.idm.helpdesk.urls"),
    ("", "bailiwick.idm.protocols.urls"),
    ("", "bailiwick.idm.protocols.oidc.urls"),
    ("", "bailiwick.idm.protocols.provisioning.urls"),
    ("", "bailiwick.ground.program.health"),
    ("", "bailiwick.ground.pages.urls"),
    ("", "bailiwick.ground.outbox.urls"),
]


def _is_there(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:
        return False


urlpatterns: list[URLPattern | URLResolver] = [
    path(prefix, include(name)) for prefix, name in ROOMS if _is_there(name)
]

handler400 = "bailiwick.ground.pages.views.bad_request"
handler403 = "bailiwick.ground.pages.views.permission_denied"
handler404 = "bailiwick.ground.pages.views.not_found"
handler500 = "bailiwick.ground.pages.views.server_error"
