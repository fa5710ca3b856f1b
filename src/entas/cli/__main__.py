"""``python -m entas.cli`` is ``entas``."""

from entas.cli.main import run

run()
