"""What tests of signing in do with a browser."""

import html

import pyotp
from django.urls import reverse

from doors.web.world import PASSWORD
from entas.city.models import User

FIREFOX = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Firefox/128.0"}
CHROME = {"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/126.0 Safari/537.36"}
NEW = "jembatan-Gentala-Arasy-9"


def number(secret):
    return pyotp.TOTP(secret).now()


def sign_in(client, user, password=PASSWORD, following="", **more):
    typed = {"username": user.username, "password": password, "next": following}
    return client.post(reverse("sign_in"), typed, **more)


def is_in(client):
    return client.get("/").status_code == 200


def text_of(answer):
    return html.unescape(answer.content.decode())


def fresh(user):
    return User.objects.get(pk=user.pk)
