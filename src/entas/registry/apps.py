"""Django's name card for this stage."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """The stage ``registry``."""

    name = "entas.registry"
    label = "registry"
