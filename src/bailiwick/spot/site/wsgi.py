"""The door through which the web server enters SPOT."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bailiwick.spot.site.settings")

application = get_wsgi_application()
