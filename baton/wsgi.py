"""The HTTP side as a WSGI application: what granian, or any other server, is given."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "baton.settings")

application = get_wsgi_application()
