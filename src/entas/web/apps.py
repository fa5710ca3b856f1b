"""Django's name card for the web door."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The web door: it keeps the drafts of its forms and nothing else."""

    name = "entas.web"
    label = "web"

    def ready(self) -> None:
        """Offer the work of this door to workers."""
        from entas.web import work

        work.offer()
