"""IDM's Django settings: everything comes from the environment, everything shared from the ground."""

from bailiwick.ground.program.settings import shared
from bailiwick.ground.uploads.scanners import scanner_at
from bailiwick.ground.vault.cost import Cost
from bailiwick.ground.vault.keyring import open_ring
from bailiwick.idm.proofing.vendors import vendor_at
from bailiwick.idm.rules.profiles import PROFILES, limits_under
from bailiwick.idm.sessions.places import places_from
from bailiwick.idm.site.environment import IdmEnvironment
from bailiwick.wire.claims import DESK_LEVELS

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
            "bailiwick.idm.registry",
            "bailiwick.idm.registration",
            "bailiwick.idm.helpdesk",
            "bailiwick.idm.portal",
            "bailiwick.idm.protocols",
            "bailiwick.idm.site",
        ],
        middleware=[
            "bailiwick.idm.sessions.middleware.SignedInPerson",
            "bailiwick.idm.signin.terms_gate.TermsGate",
            "bailiwick.idm.signin.middleware.FactorFirst",
            "bailiwick.idm.access.wall.SecondWall",
        ],
        context=["bailiwick.idm.site.context.signed_in", "bailiwick.idm.site.context.idle"],
    )
)

ANNOUNCEMENTS = "bailiwick.idm.site.context.announcements"
PROFILE = PROFILES[environment.policy_profile]
LIMITS = limits_under(PROFILE)
PROOFING_VENDOR = vendor_at(
    url=environment.bureau_url, key=environment.bureau_key, development=environment.development
)
DESK_LEVEL = DESK_LEVELS[environment.desk_factor]
MANUAL_PROOFING_BY_TWO = environment.manual_proofing_by_two
OVERSIGHT_EMAIL = environment.oversight_email
UPLOAD_SCANNER = scanner_at(
    url=environment.upload_scanner_url,
    key=environment.upload_scanner_key,
    development=environment.development,
)
APPLICATION_VALUES = {"idm_url": environment.base_url.rstrip("/")} | environment.application_values
PLACES = places_from(environment.places_file)
TERMS_DIRECTORY = environment.terms_directory
HELD_FACTORS = "bailiwick.idm.signin.held.held_kinds"
OIDC_KEYS_FILE = environment.oidc_keys_file or environment.keys_file.with_name("oidc-keys.json")
ARGON2 = Cost()
KEY_RING = open_ring(
    environment.keys_file,
    development=environment.development,
    inline=environment.keys,
    token=environment.token,
)
WSGI_APPLICATION = "bailiwick.idm.site.wsgi.application"
