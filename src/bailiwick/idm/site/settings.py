"""IDM's Django settings: everything comes from the environment, everything shared from the ground."""

from bailiwick.ground.program.settings import shared
from bailiwick.ground.vault.keyring import open_ring
from bailiwick.idm.proofing.vendors import vendor_at
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
            "bailiwick.idm.site",
        ],
        middleware=["bailiwick.idm.sessions.middleware.SignedInPerson"],
        context=["bailiwick.idm.site.context.signed_in"],
    )
)

LIMITS = Limits()
PROOFING_VENDOR = vendor_at(
    url=environment.bureau_url, key=environment.bureau_key, development=environment.development
)
APPLICATION_VALUES = {"idm_url": environment.base_url.rstrip("/")} | environment.application_values
OIDC_KEYS_FILE = environment.oidc_keys_file or environment.keys_file.with_name("oidc-keys.json")
KEY_RING = open_ring(environment.keys_file, development=environment.development)
WSGI_APPLICATION = "bailiwick.idm.site.wsgi.application"
