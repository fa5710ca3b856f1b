"""Django's name card for this stage."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The stage ``audit``."""

    name = "entas.audit"
    label = "audit"
