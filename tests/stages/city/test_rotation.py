"""A rotation seals everything again, also when it is killed on the way."""

import pytest

from entas import custody
from entas.audit.models import Act
from entas.audit.queries import verify
from entas.city import services
from entas.city.errors import NotAllowed
from entas.city.services.rotating_keys import SealedColumn, seal_again
from entas.tables import bulk_insert, fetch


@pytest.fixture
def parcels(ground, sealed_table, tmp_path, settings):
    """Fifty sealed values and two gaps, under keys of their own."""
    settings.ENTAS_KEY_FILE = tmp_path / "rotating.key"
    custody.create_key_file()
    sealed = custody.seal_many([b"%d" % n for n in range(50)], context="c")
    rows = [(str(n), value) for n, value in enumerate([*sealed, None, None])]
    bulk_insert(sealed_table, ["name", "secret"], rows)
    return sealed_table


def versions_of(table):
    sealed = fetch(table._base_manager.exclude(secret=None), "secret")["secret"]
    return {custody.key_version_of(bytes(value)) for value in sealed}


def plain_of(table):
    sealed = fetch(table._base_manager.order_by("pk"), "secret")["secret"]
    return custody.unseal_many(sealed, context="c")


def test_everything_is_sealed_again_and_still_the_same(parcels):
    before = plain_of(parcels)
    custody.add_key_version()

    changed = seal_again(columns=[SealedColumn(parcels, "secret", "c")])

    assert changed == 50
    assert versions_of(parcels) == {2}
    custody.drop_old_versions()
    assert plain_of(parcels) == before


def test_a_rotation_killed_half_way_goes_on_where_it_was(parcels):
    custody.add_key_version()
    half = fetch(parcels._base_manager.order_by("pk")[:20], "id", "secret")
    again = custody.seal_many(custody.unseal_many(half["secret"], context="c"), context="c")
    from entas.tables import bulk_update

    bulk_update(parcels, "id", ["secret"], zip(half["id"], again, strict=True))

    assert seal_again(columns=[SealedColumn(parcels, "secret", "c")]) == 30
    assert versions_of(parcels) == {2}


def test_a_value_that_does_not_open_stops_the_rotation(parcels):
    parcels._base_manager.filter(name="7").update(secret=b"\x00\x01" + b"x" * 40)
    custody.add_key_version()

    with pytest.raises(custody.SealBroken):
        seal_again(columns=[SealedColumn(parcels, "secret", "c")])

    assert custody.status().versions == (1, 2)


def test_a_rotation_is_written_down_and_drops_the_old_key(ground):
    before = custody.status().version

    answer = services.rotate_keys(by=ground)

    assert answer["version"] == before + 1
    assert custody.status().versions == (before + 1,)
    acts = Act.objects.filter(act__startswith="keys.rotate").values_list("act", flat=True)
    assert list(acts.order_by("position")) == ["keys.rotate_begin", "keys.rotate_end"]
    assert verify().is_whole


def test_who_may_not_rotate_changes_no_key(somebody):
    before = custody.status()

    with pytest.raises(NotAllowed):
        services.rotate_keys(by=somebody("budi", "data_steward"))

    assert custody.status() == before
