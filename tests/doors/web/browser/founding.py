"""Builds the small city in an installation of its own; prints the numbers of its rows as JSON.

Run as a process: the installation is not the one of the tests.
"""

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import django


def found() -> dict[str, Any]:
    """Build the city in ENTAS_HOME.

    Returns:
        ``numbers`` of its rows by kind and kelurahan, and the numbers of its ``people`` by
        kelurahan, in the order of the lists.
    """
    from django.core.management import call_command

    from doors.web.world import build_world
    from entas.city.models import User

    call_command("collectstatic", interactive=False, verbosity=0)
    with tempfile.TemporaryDirectory() as folder:
        world = build_world(Path(folder), User.objects.get(username="ani"))
    numbers = {
        kind: {key: str(number) for key, number in rows.items()}
        for kind, rows in world.numbers.items()
    }
    people = {key: [person.pk for person in world.people_of(key)] for key in ("A1", "B1")}
    return {"numbers": numbers, "people": people}


if __name__ == "__main__":
    django.setup()
    json.dump(found(), sys.stdout)
