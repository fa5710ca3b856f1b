"""Django's name card for this stage."""

from django.apps import AppConfig


class CityConfig(AppConfig):
    """The stage ``city``."""

    name = "entas.city"
    label = "city"

    def ready(self) -> None:
        """Offer the work of this stage to workers."""
        from entas.city import work

        work.offer()
