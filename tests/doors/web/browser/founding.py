"""Builds the small city in an installation of its own; prints the numbers of its rows as JSON.

Run as a process: the installation is not the one of the tests.
"""

import json
import sys
import tempfile
from pathlib import Path

import django


def found() -> dict[str, dict[str, str]]:
    """Build the city in ENTAS_HOME; gives the numbers of its rows by kind and kelurahan."""
    from django.core.management import call_command

    from doors.web.world import build_world
    from entas.city.models import User

    call_command("collectstatic", interactive=False, verbosity=0)
    with tempfile.TemporaryDirectory() as folder:
        world = build_world(Path(folder), User.objects.get(username="ani"))
    return {
        kind: {key: str(number) for key, number in numbers.items()}
        for kind, numbers in world.numbers.items()
    }


if __name__ == "__main__":
    django.setup()
    json.dump(found(), sys.stdout)
