"""What a web server is given: ``entas.wsgi:application``."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "entas.settings")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
