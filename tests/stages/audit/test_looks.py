"""The chain of looks: who saw whose data, and why."""

import pytest
from django.db import connections

from entas.audit.models import Look
from entas.audit.queries import verify
from entas.audit.routing import looks_database
from entas.audit.services import look


def test_a_look_is_written_for_every_person(ground):
    assert look(ground, [4, 9, 4], purpose="aduan 12", where="registry find") == 3

    looks = Look.objects.order_by("position").values_list("person", "purpose", "where")
    assert list(looks) == [(n, "aduan 12", "registry find") for n in (4, 9, 4)]


def test_looking_at_nobody_leaves_nothing(ground):
    assert look(ground, [], purpose="x", where="y") == 0
    assert not Look.objects.exists()


def test_looks_of_several_calls_make_one_whole_chain(ground):
    for person in range(3):
        look(ground, [person, person + 10], purpose="x", where="y")

    report = verify()

    assert report.looks.is_whole
    assert report.looks.length == 6


def test_a_look_pointed_at_another_person_is_found(ground):
    look(ground, [1, 2, 3], purpose="x", where="y")
    Look.objects.filter(person=2).update(person=5)

    assert verify().looks.broken_at == 2


def test_a_look_taken_out_is_found(ground):
    look(ground, [1, 2, 3], purpose="x", where="y")
    Look.objects.filter(person=3).delete()

    assert verify().looks.broken_at == 3


def test_a_purpose_that_names_a_nik_is_refused(ground):
    with pytest.raises(ValueError, match="sixteen digits"):
        look(ground, [1], purpose="cek 1571810101900001", where="y")


def test_looks_lie_in_the_database_that_never_waits_for_an_import(ground):
    look(ground, [1], purpose="x", where="y")

    with connections[looks_database()].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_look")
        assert cursor.fetchone() == (1,)


def test_ten_thousand_looks_take_moments(ground):
    assert look(ground, range(10_000), purpose="adu data", where="registry match") == 10_000
    assert verify().looks.length == 10_000


def test_looks_and_the_rest_do_not_mix_their_tables(ground):
    tables = {alias: set(connections[alias].introspection.table_names()) for alias in connections}

    if looks_database() == "looks":
        # Whatever browsing writes, and nothing else.
        apart = ("audit_look", "axes_", "django_session", "web_")
        assert not [name for name in tables["default"] if name.startswith(apart)]
        assert [name for name in tables["looks"] if not name.startswith(apart)] == [
            "django_migrations"
        ]
    else:
        assert "audit_look" in tables["default"]
