"""IDM's settings with one view that does nothing; BENCH_MIDDLEWARE=none takes the middleware away, too."""

import os

from bailiwick.idm.site.settings import *  # noqa: F403

ROOT_URLCONF = "bench.bare"
if os.environ["BENCH_MIDDLEWARE"] == "none":
    MIDDLEWARE = []
