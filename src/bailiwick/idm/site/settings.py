"""IDM's Django settings: everything comes from the environment, everything shared from the ground."""

from bailiwick.ground.program.settings import shared
from bailiwick.ground.vault.keyring import open_ring
from bailiwick.idm.rules.limits import Limits
from bailiwick.idm.site.environment import IdmEnvironment

environment = IdmEnvironment()

globals().update(
    shared(
        environment,
        apps=[
            "bailiwick.idm.applications",
            "bailiwick.idm.accounts",
            "bailiwick.idm.sessions",
            "bailiwick.idm.signin",
            "bailiwick.idm.proofing",
            "bailiwick.idm.organizations",
            "bailiwick.idm.access",
            "bailiwick.idm.registration",
            "bailiwick.idm.helpdesk",
            "bailiwick.idm.portal",
            "bailiwick.idm.protocols",
        ],
        middleware=["bailiwick.idm.sessions.middleware.SignedInPerson"],
        context=["bailiwick.idm.site.context.signed_in"],
    )
)

LIMITS = Limits()
KEY_RING = open_ring(environment.keys_file, development=environment.development)
WSGI_APPLICATION = "bailiwick.idm.site.wsgi.application"
