"""What tests of the web door lean on: a small city that is built once, and its users.

Ask for ``world`` (and ``client``): the city lies in a transaction that stays open until the last
test, and each test in one of its own that is taken back.
"""

import contextlib
from collections.abc import Iterator

import pytest

from doors.web.world import World, build_world


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests with ``world`` come late, so that no other test meets the people of the city.

    Tests in a browser come last of all: its driver leaves an event loop running, beside which
    Django refuses to ask the database.
    """
    for item in items:
        if "world" in _asked(item):
            item.add_marker(pytest.mark.django_db(databases="__all__"))
    items.sort(key=lambda item: ("browser" in _asked(item), "world" in _asked(item)))


def _asked(item: pytest.Item) -> tuple[str, ...]:
    return tuple(getattr(item, "fixturenames", ()))


@contextlib.contextmanager
def _taken_back() -> Iterator[None]:
    """A transaction on every database that is rolled back."""
    from django.db import connections, transaction

    with contextlib.ExitStack() as stack:
        for alias in connections:
            block = transaction.atomic(using=alias)
            # Marks the block as a test's: acts that insist on the outermost one may begin.
            block._from_testcase = True
            stack.enter_context(block)
            stack.callback(transaction.set_rollback, rollback=True, using=alias)
        yield


@pytest.fixture(scope="session")
def static_files(django_db_setup: None) -> None:
    """The files for browsers, gathered like for a city: with their hashes and a manifest."""
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)


@pytest.fixture(scope="session")
def _standing_world(
    static_files, lay_ground, django_db_blocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    with django_db_blocker.unblock():
        from entas.city.models import User
        from entas.city.queries import forget_areas

        with _taken_back():
            # A transactional test empties all tables behind it.
            if not User.objects.exists():
                forget_areas()
                lay_ground()
            ani = User.objects.get(username="ani")
            yield build_world(tmp_path_factory.mktemp("world"), ani)


@pytest.fixture
def world(_standing_world, db) -> Iterator[World]:
    """The small city; whatever the test changes is taken back."""
    from entas.registry.models import RegisterVersion
    from journey.little_lists import forget_copies

    before = RegisterVersion.objects.values_list("number", flat=True).first()
    yield _standing_world
    after = RegisterVersion.objects.values_list("number", flat=True).first()
    if after != before:
        # The next test may reach the same version with other people in it.
        forget_copies()
