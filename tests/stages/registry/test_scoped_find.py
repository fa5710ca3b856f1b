"""Searching within an area: as if nobody else were registered; and a sentence on the others."""

import datetime as dt
import subprocess
import sys
import textwrap

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from entas.analytics.linkage.keys import with_used_names
from entas.analytics.linkage.register import register_index
from entas.analytics.linkage.single import ReadyRegister
from entas.city.policies import NOWHERE, Scope
from entas.registry import states
from entas.registry.models import Person
from entas.registry.queries import finding, ready
from entas.registry.queries.elsewhere import Identity, identity, transfer_hint
from entas.registry.queries.finding import find
from entas.registry.queries.lines import person_lines
from entas.registry.queries.members import age_on
from journey.little_lists import Office, citizen, nik, write_csv

LEGOK, MURNI, CEMPAKA = 1571101003, 1571101002, 1571081002
PLACES = (LEGOK, MURNI, CEMPAKA)
CITY = Scope(is_city=True, kelurahan=frozenset(), agencies=frozenset())


def within(*kelurahan):
    return Scope(is_city=False, kelurahan=frozenset(kelurahan), agencies=frozenset())


def place_of(number):
    """Families of four stay together; the first two places get most of the people."""
    return PLACES[number // 4 % 5 % 3]


def villager(number, **other):
    return citizen(number, KODE_KEL=str(place_of(number)), **other)


@pytest.fixture
def town(ground, tmp_path):
    office = Office(tmp_path, ground)
    office.send([villager(number) for number in range(1, 181)])
    return office


def rows(found):
    return [one.person.origin_row for one in found]


def test_only_people_of_the_area_are_found(town):
    for number in (5, 40, 77, 120):
        for text in (villager(number)["NAMA_LGKP"], villager(number)["NO_KK"]):
            for place in PLACES:
                found = find(text, within=within(place))
                assert {one.person.kelurahan for one in found} <= {place}
                assert (number in rows(found)) == (place == place_of(number)), (text, place)


def test_the_best_of_the_area_are_found_and_not_the_best_of_the_city(ground, tmp_path):
    namesakes = [
        citizen(n, NAMA_LGKP="SITI AMINAH", KODE_KEL=str(LEGOK if n <= 60 else MURNI))
        for n in range(1, 66)
    ]
    Office(tmp_path, ground).send(namesakes)

    assert len(find("SITI AMINAH", within=within(MURNI))) == 5
    assert len(find("SITI AMINAH", within=within(LEGOK))) == 20


def test_nobody_is_found_within_no_area(town):
    for text in (villager(5)["NAMA_LGKP"], villager(5)["NIK"], ""):
        assert find(text, within=NOWHERE) == []


def test_the_whole_city_is_the_same_as_no_area(town):
    for number in (5, 40, 77):
        assert find(villager(number)["NAMA_LGKP"], within=CITY) == find(
            villager(number)["NAMA_LGKP"]
        )


def test_whoever_has_no_known_kelurahan_is_found_in_the_whole_city_only(town):
    Person.objects.filter(origin_row=5).update(kelurahan=None)

    assert 5 in rows(find(villager(5)["NIK"], within=CITY))
    for text in (villager(5)["NIK"], villager(5)["NAMA_LGKP"]):
        assert 5 not in rows(find(text, within=within(*PLACES)))


def test_whoever_moved_away_since_the_register_was_counted_is_not_found(town):
    find("SITI", within=within(place_of(5)))
    elsewhere = next(place for place in PLACES if place != place_of(5))
    # Without a new version of the register: as long as a server has not counted again.
    Person.objects.filter(origin_row=5).update(kelurahan=elsewhere)

    assert 5 not in rows(find(villager(5)["NAMA_LGKP"], within=within(place_of(5))))


words = st.sampled_from(
    [word for number in range(1, 181) for word in villager(number)["NAMA_LGKP"].split()]
)
hints = st.sampled_from(["", " 1985", " RT 5", " RT 12", " 01-05-1990", " LEGOK", " MURNI", " M"])


def slipped(text, at, letter):
    return text[: at % (len(text) + 1)] + letter + text[at % (len(text) + 1) :]


typed = st.builds(
    lambda names, at, letter, hint: slipped(" ".join(names), at, letter) + hint,
    st.lists(words, min_size=1, max_size=3),
    st.integers(0, 40),
    st.sampled_from(["", "", "X", "A", " "]),
    hints,
)
areas = st.sets(st.sampled_from(PLACES), min_size=1, max_size=3)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(text=typed, area=areas)
def test_an_area_answers_as_if_only_its_people_were_registered(town, text, area):
    whole = ready.standing().register
    table = whole.index.table
    here = np.flatnonzero(np.isin(table.kel, sorted(area)))
    alone = ReadyRegister(register_index(with_used_names(table.take(here))), whole.persons[here])
    expected = finding.ranked(text, alone, within=None)

    found = finding.ranked(text, whole, within=within(*area))

    assert [(one.person.pk, one.likeness) for one in found] == [
        (one.person.pk, one.likeness) for one in expected
    ]


# --- somebody registered elsewhere ---------------------------------------------------------


def elsewhere_of(number):
    return within(*(place for place in PLACES if place != place_of(number)))


def test_a_number_of_another_area_tells_the_kelurahan_and_nothing_else(town):
    for text in (villager(5)["NIK"], villager(5)["NO_KK"]):
        assert find(text, within=elsewhere_of(5)) == []
        named = identity(text, within=elsewhere_of(5))
        assert named.elsewhere.kelurahan == place_of(5)
        assert not named.is_here

    assert transfer_hint(LEGOK) == "Terdaftar di Kelurahan Legok: ajukan permohonan pindah."


def test_the_head_stands_for_the_family_of_a_card(town):
    named = identity(villager(6)["NO_KK"], within=elsewhere_of(6))

    assert Person.objects.get(pk=named.elsewhere.person_id).role == "kepala"


def test_a_whole_name_with_a_birth_date_is_an_identity(town):
    text = f"{villager(5)['NAMA_LGKP']} {villager(5)['TGL_LHR']}"
    turned = " ".join(reversed(villager(5)["NAMA_LGKP"].split())) + " " + villager(5)["TGL_LHR"]

    for asked in (text, turned):
        assert identity(asked, within=elsewhere_of(5)).elsewhere.kelurahan == place_of(5)
        assert identity(asked, within=within(place_of(5))) == Identity(is_here=True)


def test_trying_one_rt_after_the_other_tells_nothing_of_a_person_elsewhere(town):
    at_home = Person.objects.get(origin_row=5)
    asked = f"{villager(5)['NAMA_LGKP']} {villager(5)['TGL_LHR']}"

    told = {
        rt: identity(f"{asked} RT {rt:03d}", within=elsewhere_of(5)) for rt in (1, 2, 3, at_home.rt)
    }

    assert set(told.values()) == {identity(asked, within=elsewhere_of(5))}
    assert told[1].elsewhere.person_id == at_home.pk


@pytest.mark.parametrize("born", ["01-02-0000", "0000-02-01", "31-12-9999", "99-99-9999"])
def test_a_day_of_no_calendar_names_nobody(town, born):
    named = identity(f"{villager(5)['NAMA_LGKP']} {born}", within=elsewhere_of(5))

    assert named in (None, Identity())


@pytest.mark.parametrize(
    "text",
    ["", "SITI", "SITI AMINAH 1985", "SITI AMINAH RT 5", "157181", "17-08-1985", "RT 5 17-08-1985"],
)
def test_less_than_a_whole_identity_tells_of_nobody_elsewhere(town, text):
    named = identity(text, within=elsewhere_of(5))

    assert named is None or named.elsewhere is None


def test_part_of_a_name_or_another_day_tells_of_nobody(town):
    name, born = villager(5)["NAMA_LGKP"], villager(5)["TGL_LHR"]

    for text in (f"{name.split()[0]} {born}", f"{name} 03-03-1931", f"{name} SARI {born}"):
        assert identity(text, within=elsewhere_of(5)) == Identity()


def test_two_people_of_one_name_and_birthday_tell_of_nobody(ground, tmp_path):
    one = citizen(5, NAMA_LGKP="SITI AMINAH", KODE_KEL=str(LEGOK))
    other = citizen(90, NAMA_LGKP="SITI AMINAH", TGL_LHR=one["TGL_LHR"], KODE_KEL=str(MURNI))
    Office(tmp_path, ground).send([one, other])
    text = f"SITI AMINAH {one['TGL_LHR']}"

    assert identity(text, within=within(CEMPAKA)) == Identity()
    assert identity(text, within=within(MURNI)) == Identity(is_here=True)


def test_a_number_nobody_bears_is_an_identity_of_nobody(town):
    assert identity(nik(4_000), within=within(LEGOK)) == Identity()


def test_whoever_is_withdrawn_is_registered_nowhere(town):
    Person.objects.filter(origin_row=5).update(state=states.WITHDRAWN)

    text = f"{villager(5)['NAMA_LGKP']} {villager(5)['TGL_LHR']}"
    assert identity(villager(5)["NIK"], within=elsewhere_of(5)) == Identity()
    assert identity(text, within=elsewhere_of(5)) == Identity()


# --- one line a person ---------------------------------------------------------------------


def test_a_line_shows_two_digits_of_the_number(town):
    person = Person.objects.get(origin_row=5)

    (line,) = person_lines([person], on=dt.date(2026, 6, 1))

    assert line.nik_masked == "•" * 14 + villager(5)["NIK"][-2:]
    assert (line.id, line.family_id, line.name) == (person.pk, person.family_id, person.name)
    assert line.kelurahan in {"Legok", "Murni", "Cempaka Putih"}


def test_lines_cost_the_same_however_many(town, django_assert_max_num_queries):
    people = list(Person.objects.order_by("pk")[:20])

    with django_assert_max_num_queries(8):
        lines = person_lines(people, on=dt.date(2026, 6, 1))

    assert [line.id for line in lines] == [person.pk for person in people]


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (dt.date(2000, 5, 4), dt.date(2026, 5, 3), 25),
        (dt.date(2000, 5, 4), dt.date(2026, 5, 4), 26),
        (dt.date(2004, 2, 29), dt.date(2025, 2, 28), 20),
        (dt.date(2004, 2, 29), dt.date(2025, 3, 1), 21),
        (dt.date(2004, 2, 29), dt.date(2024, 2, 29), 20),
        (dt.date(2026, 5, 4), dt.date(2026, 5, 3), None),
        (None, dt.date(2026, 5, 3), None),
    ],
)
def test_an_age_is_the_full_years_on_a_day(born, day, age):
    assert age_on(Person(birth_on=born), day) == age


@pytest.mark.parametrize(("year", "age"), [(1960, 66), (2026, 0), (2027, None)])
def test_where_only_a_year_is_known_it_tells_the_age_until_it_lies_ahead(year, age):
    assert age_on(Person(birth_year=year), dt.date(2026, 5, 3)) == age


def test_a_line_tells_the_year_alone_where_the_day_is_not_known(town):
    person = Person.objects.get(origin_row=5)
    person.birth_on, person.birth_year = None, 1960

    (line,) = person_lines([person], on=dt.date(2026, 6, 1))

    assert (line.age, line.birth_year) == (None, 1960)


# --- fresh beside the answers ----------------------------------------------------------------

_SERVER = textwrap.dedent(
    """
    import os, sys, threading, time
    os.environ["DJANGO_SETTINGS_MODULE"] = "entas.settings"
    import django
    django.setup()
    from django.db import connections
    from entas.city.models import User
    from entas.registry.models import Person
    from entas.registry.queries import ready
    from entas.registry.queries.finding import find
    from entas.registry.services import accept_proposal, propose_correction

    ready._PAUSE_SECONDS = 0.05
    ready.warm()
    first = ready.standing().register
    ani, budi = (User.objects.get(username=name) for name in ("ani", "budi"))
    faults, stop = [], threading.Event()

    def ask():
        try:
            while not stop.is_set():
                assert len(find("SUKARDI SIREGAR")) > 0
                find(sys.argv[1])
        except BaseException as fault:
            faults.append(repr(fault))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    person = Person.objects.order_by("pk").first()
    for turn in range(6):
        name = f"ZALFANI QUROTA {'ABCDEF'[turn] * 3}"
        made = propose_correction(
            person_id=person.pk, field="name", value=name, reason="x", by=ani
        )
        accept_proposal(proposal=made, by=budi)
        ready.standing()
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        found = find("ZALFANI QUROTA FFF")
        if found and found[0].person.pk == person.pk and ready.standing().register is not first:
            break
        time.sleep(0.05)
    else:
        faults.append("never fresh")
    stop.set()
    for thread in threads:
        thread.join()
    print("\\n".join(faults) or "fresh")
    """
)


def test_a_server_answers_at_once_and_counts_again_beside_the_answers(installed, tmp_path):
    path = write_csv(tmp_path / "penduduk.csv", [villager(number) for number in range(1, 61)])
    installed.json("sources", "import", path, "--source", "dukcapil", "--as-of", "2026-06-01")
    installed.json("registry", "link")
    installed.json("city", "add-user", "budi", "--role", "data_steward")

    done = subprocess.run(
        [sys.executable, "-c", _SERVER, villager(5)["NIK"]],
        env=installed.env,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.stdout.strip() == "fresh", done.stderr
