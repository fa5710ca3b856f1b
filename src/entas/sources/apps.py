"""Django's name card for this stage."""

from django.apps import AppConfig


class SourcesConfig(AppConfig):
    """The stage ``sources``."""

    name = "entas.sources"
    label = "sources"
