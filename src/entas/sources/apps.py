"""Django's name card for this stage."""

from django.apps import AppConfig


class SourcesConfig(AppConfig):
    """The stage ``sources``."""

    name = "entas.sources"
    label = "sources"

    def ready(self) -> None:
        """Offer the work of this stage to workers."""
        from entas.sources import work

        work.offer()
