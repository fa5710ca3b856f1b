"""The ground of the city: who may act, which areas and agencies there are."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """Somebody who acts in Entas; on the command line the person logged in at the system."""
