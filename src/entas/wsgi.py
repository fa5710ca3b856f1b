"""What a web server is given: ``entas.wsgi:application``."""

import os
import threading

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "entas.settings")

from django.core.wsgi import get_wsgi_application

from entas.web.drawing import warm

application = get_wsgi_application()

# The first chart of a process takes most of a second: better now than before a reader.
threading.Thread(target=warm, name="charts", daemon=True).start()
