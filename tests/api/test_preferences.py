"""The keys that people choose for themselves are kept on the server, for them alone."""

import pytest

from tests import factories
from tests.drivers import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
ADDRESS = "/api/v1/me/keys"


def test_chosen_keys_are_there_on_every_computer_and_are_ones_own() -> None:
    person, other = factories.user(), factories.user()
    chosen = {
        "key_set": "left_hand",
        "keys": {"skip": "Shift+KeyK", "rate:3": "KeyE", "rate:2.5": "KeyW"},
    }

    answer = signed_in(person).put(ADDRESS, chosen, format="json")

    assert answer.status_code == 200
    assert signed_in(person).get(ADDRESS).json() == chosen
    assert signed_in(other).get(ADDRESS).json() == {"key_set": "usual", "keys": {}}


@pytest.mark.parametrize(
    ("command", "key"), [("skip", "javascript:x"), ("skip", ""), ("Skip it", "KeyK")]
)
def test_what_is_no_key_is_refused_and_the_old_keys_stay(command: str, key: str) -> None:
    person = signed_in(factories.user())
    person.put(ADDRESS, {"key_set": "numpad", "keys": {}}, format="json")

    answer = person.put(ADDRESS, {"key_set": "usual", "keys": {command: key}}, format="json")

    assert answer.status_code == 400
    assert person.get(ADDRESS).json() == {"key_set": "numpad", "keys": {}}
