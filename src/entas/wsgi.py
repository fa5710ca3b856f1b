"""What a web server is given: ``entas.wsgi:application``."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "entas.settings")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()


def warm() -> None:
    """Make ready what the first reader would wait for.

    Called in the process that serves and never in one that forks: what draws the charts brings
    threads of its own, and a fork of it would wait for them for ever.
    """
    from entas.web.drawing import warm as warm_charts

    warm_charts()
