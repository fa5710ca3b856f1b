"""A few people of two kelurahan, and officers who may look at them, for tests of the trail."""

from datetime import date

from django.test import Client

from entas import custody
from entas.city.models import Area, Right, User
from entas.registry.models import Family, Person

HERE, THERE = 1571101003, 1571101002
NIK, OTHER_NIK, KK = "1571811410900001", "1571811410900002", "1571820101100001"
BROWSER = "tests"
WHY = {"purpose": "layanan", "reason": "warga datang ke loket"}


def officer(name, role, area=HERE):
    """A user with one right from long ago; in the whole city when ``area`` is None."""
    user = User.objects.create(username=name, name=name.title(), password="!")
    where = Area.objects.get(number=area) if area else None
    Right.objects.create(
        user=user, role=role, area=where, valid_from=date(2020, 1, 1), granted_by="t", act_id=0
    )
    return user


def browser_of(user):
    """A browser in which this person signed in."""
    client = Client(headers={"user-agent": BROWSER})
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def citizen(name="CITRA", nik=NIK, kelurahan=HERE, family=None):
    return Person.objects.create(
        name=name,
        nik_sealed=custody.seal(nik.encode(), context="person.nik"),
        nik_hash=custody.blind_index(nik, purpose="nik"),
        kelurahan=kelurahan,
        family=family,
    )


def card(number=KK):
    return Family.objects.create(
        kk_sealed=custody.seal(number.encode(), context="family.kk"),
        kk_hash=custody.blind_index(number, purpose="kk"),
    )


def plain_storage(settings):
    """Static files by their names: no manifest was collected for a test."""
    storages = dict(settings.STORAGES)
    storages["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = storages


def text_of(answer):
    return answer.content.decode()
