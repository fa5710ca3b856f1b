"""Somebody at a browser: a user with one right, signed in."""

from django.db import transaction
from django.test import Client

from entas.city.models import Agency, Area, User
from entas.city.services.users import write_right

SIPIN, BULURAN = 1571011001, 1571011002


def user_with(ground, role=None, *, area=None, agency=None, username=None):
    """A new user who holds one right (or none), given by ``ground``."""
    user = User.objects.create(username=username or f"u-{role}-{area}", name=f"Citra {role}")
    if role:
        with transaction.atomic():
            write_right(
                user=user,
                role=role,
                by=ground,
                area=Area.objects.get(pk=area) if area else None,
                agency=Agency.objects.get(code=agency) if agency else None,
            )
    return user


def browser_of(user):
    """A browser in which this user signed in."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def ticket_in(answer):
    """The number that the form of a page carries."""
    return answer.context["ticket"].id
