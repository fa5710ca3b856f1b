"""Django's name card for this stage."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """The stage ``jobs``."""

    name = "entas.jobs"
    label = "jobs"
