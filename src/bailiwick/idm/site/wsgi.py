"""The door through which the web server enters IDM."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bailiwick.idm.site.settings")

application = get_wsgi_application()

# Rooms can be imported only now.
from bailiwick.idm.site.starting import refuse_files_not_applied  # noqa: E402

refuse_files_not_applied()
