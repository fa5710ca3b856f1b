"""Django's name card for this stage."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """The stage ``registry``."""

    name = "entas.registry"
    label = "registry"

    def ready(self) -> None:
        """Offer the work of this stage to workers."""
        from entas.registry import work

        work.offer()
