"""Django's name card for this stage."""

from django.apps import AppConfig


class CityConfig(AppConfig):
    """The stage ``city``."""

    name = "entas.city"
    label = "city"
