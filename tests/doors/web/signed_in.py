"""Somebody at a browser: a user with one right, signed in. For tests that need no small city."""

import datetime as dt

from django.test import Client

from entas.city.models import Agency, Right, User

SIPIN, BULURAN = 1571011001, 1571011002


def user_with(role=None, *, area=None, agency=None):
    """A new user who holds one right, or none."""
    user = User.objects.create(username=f"u-{role}-{area}", name=f"Citra {role}")
    if role:
        Right.objects.create(
            user=user,
            role=role,
            area_id=area,
            agency=Agency.objects.get(code=agency) if agency else None,
            valid_from=dt.date(2026, 1, 1),
            granted_by="uji",
            act_id=0,
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
