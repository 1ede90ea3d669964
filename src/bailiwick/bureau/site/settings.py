"""The bureau's Django settings: everything comes from the environment, everything shared from the ground."""

from bailiwick.bureau.people import read_people
from bailiwick.bureau.site.environment import BureauEnvironment
from bailiwick.ground.program.settings import shared
from bailiwick.ground.vault.keyring import open_ring

environment = BureauEnvironment()

globals().update(shared(environment, apps=["bailiwick.bureau"], middleware=[], context=[]))

KEY_RING = open_ring(
    environment.keys_file,
    development=environment.development,
    inline=environment.keys,
    token=environment.token,
)
CLIENT_KEYS = environment.secrets_by_key_id
PEOPLE = read_people(environment.people_file)
CALL_NUMBER = environment.call_number
WSGI_APPLICATION = "bailiwick.bureau.site.wsgi.application"
