"""The door through which the web server enters the bureau."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bailiwick.bureau.site.settings")

application = get_wsgi_application()
