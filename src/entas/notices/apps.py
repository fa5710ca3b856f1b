"""Django's name card for this stage."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """The stage ``notices``."""

    name = "entas.notices"
    label = "notices"

    def ready(self) -> None:
        """Offer the work of this stage to workers."""
        from entas.notices import work

        work.offer()
