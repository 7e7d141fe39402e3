"""The world that the tables of who may call what are tried in."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection, transaction

from annotator.accounts.models import User
from tests.api.matrix import World, build_world, store_files


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """One world for the whole module, in a transaction around those of the tests."""
    with django_db_blocker.unblock():
        with transaction.atomic():
            yield build_world()
            transaction.set_rollback(True)
        connection.close()


@pytest.fixture
def world(built: World, db: None) -> World:
    """The world as it was built: what a test changes is rolled back."""
    store_files(built)
    people = User.objects.in_bulk([user.pk for user in built.people.values()])
    return replace(
        built,
        bodies=dict(built.bodies),
        people={role: people[user.pk] for role, user in built.people.items()},
    )
