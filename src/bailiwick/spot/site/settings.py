"""SPOT's Django settings: everything comes from the environment, everything shared from the ground."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from bailiwick.ground.program.settings import shared
from bailiwick.ground.uploads.scanners import scanner_at
from bailiwick.ground.vault.cost import Cost
from bailiwick.ground.vault.keyring import open_ring
from bailiwick.spot.papers.anchors import anchors_at
from bailiwick.spot.payers.vendors import payer_from
from bailiwick.spot.rules.limits import Limits
from bailiwick.spot.site.environment import SpotEnvironment
from bailiwick.wire.claims import DESK_LEVELS

environment = SpotEnvironment()
# Fictitious, and the same as IDM's sample says of SPOT (applications/spot.toml): two numbers would leave people guessing.
HELP_DESK = {
    "name": _("SPOT Help Desk"),
    "phone": "(555) 010-0142",
    "email": "help@spot.example",
    "hours": _("Monday to Friday, 8:00 AM to 4:00 PM Eastern Time"),
}

settings: dict[str, Any] = shared(
    environment,
    apps=[
        "bailiwick.spot.signin",
        "bailiwick.spot.enrollment",
        "bailiwick.spot.services",
        "bailiwick.spot.forms",
        "bailiwick.spot.signpages",
        "bailiwick.spot.formpages",
        "bailiwick.spot.helpdesk",
        "bailiwick.spot.portal",
        "bailiwick.spot.site",
    ],
    middleware=["bailiwick.spot.signin.middleware.SignedInPerson"],
    context=["bailiwick.spot.site.context.signed_in", "bailiwick.spot.signin.context.idle"],
)
if not environment.help_name:
    settings["HELP_CONTACT"] = HELP_DESK
# Signing out posts here and is sent on to IDM; browsers hold that redirect against the form's policy, too.
settings["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]["form-action"].append(environment.idm_url)
globals().update(settings)

ANNOUNCEMENTS = "bailiwick.spot.site.context.announcements"
LIMITS = Limits()
DESK_LEVEL = DESK_LEVELS[environment.desk_factor]
ARGON2 = Cost()
KEY_RING = open_ring(
    environment.keys_file,
    development=environment.development,
    inline=environment.keys,
    token=environment.token,
)
PAYER = payer_from(
    environment.payer_file,
    url=environment.payer_url,
    key=environment.payer_key,
    development=environment.development,
    down_while=environment.state_directory / "payer-is-down",
)
WSGI_APPLICATION = "bailiwick.spot.site.wsgi.application"
SIGNATURE_ANCHORS = anchors_at(environment.signature_anchors)
UPLOAD_SCANNER = scanner_at(
    url=environment.upload_scanner_url,
    key=environment.upload_scanner_key,
    development=environment.development,
)
