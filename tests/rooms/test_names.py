"""Names of accounts: which are one name, and which look too much like one."""

from importlib import import_module
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection

from annotator.accounts.models import User
from annotator.accounts.names import mixes_scripts, normal, skeleton
from annotator.accounts.selectors import account_named, user_named
from annotator.accounts.services import NewUser, create_user
from annotator.core.errors import Invalid
from annotator.core.reasons import Code
from tests import factories

PASSWORD = "a longer walk home"

CYRILLIC_ACE = "\u0430\u0441\u0435"
GREEK_TAXI = "\u03c4\u03b1\u03c7\u03b9"
FULLWIDTH_ADA = "\uff41\uff44\uff41"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ada", "ADA"),
        ("ada", FULLWIDTH_ADA),
        ("ace", CYRILLIC_ACE),
        ("ACE", CYRILLIC_ACE),
        ("bot", "\u0412\u041e\u0422"),  # Cyrillic VOT in capitals
        ("taxi", GREEK_TAXI),
        ("abe", "\u0391\u0392\u0395"),  # Greek capitals
        ("vovo", "\u03bd\u03bf\u03bd\u03bf"),
        ("zo\u00eb", "zo\u0451"),  # e with diaeresis: Latin, Cyrillic
        ("ada", "a\ufe0fda"),  # a selector of a variant
        ("strasse", "stra\u00dfe"),
        ("ali", "al\u0131"),  # dotless i
    ],
)
def test_names_that_look_alike_have_one_skeleton(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other)


def test_names_that_differ_to_the_eye_have_skeletons_of_their_own() -> None:
    names = [
        "ada", "ad\u00e1", "eda", "ada1", "ada2", "ada-", "\u674e\u96f7", "\u97e9\u6885\u6885",
        "\u043d\u0438\u043a\u0430", "\u03b4\u03b7\u03bc\u03b7\u03c4\u03c1\u03b1",
    ]  # fmt: skip

    assert len({skeleton(name) for name in names}) == len(names)


@pytest.mark.parametrize(
    ("name", "mixed"),
    [
        ("ada", False),
        (CYRILLIC_ACE, False),
        (GREEK_TAXI, False),
        (FULLWIDTH_ADA, False),
        ("\u674e-ada.1", False),  # Chinese and Latin are never taken for each other
        ("\u0430da", True),
        ("\u03bfscar", True),
        (CYRILLIC_ACE + "\u03bf", True),
    ],
)
def test_scripts_that_look_alike_are_not_mixed(name: str, mixed: bool) -> None:
    assert mixes_scripts(name) is mixed


def refusal_of(name: str) -> str:
    with pytest.raises(Invalid) as refused:
        create_user(NewUser(name, PASSWORD))
    assert set(refused.value.fields) == {"username"}
    return refused.value.fields["username"].code


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("ace", Code.USERNAME_TAKEN),
        ("\uff41\uff43\uff45", Code.USERNAME_TAKEN),
        ("Ace", Code.USERNAME_LOOKS_TAKEN),
        (CYRILLIC_ACE, Code.USERNAME_LOOKS_TAKEN),
        ("\u0430ce", Code.USERNAME_MIXES_SCRIPTS),
        ("\u1160", Code.USERNAME_UNFIT),  # a filler that nobody sees
        ("a\u00a0b", Code.USERNAME_UNFIT),
        ("\ufdfa" * 9, Code.USERNAME_UNFIT),  # 162 characters in its normal form
    ],
)
def test_a_name_that_is_or_looks_like_anothers_is_refused(db: None, name: str, code: Code) -> None:
    factories.user("ace")

    assert refusal_of(name) == code
    assert list(User.objects.values_list("username", flat=True)) == ["ace"]


def test_a_name_is_kept_in_its_normal_form_and_found_in_every_other(db: None) -> None:
    ada = create_user(NewUser(FULLWIDTH_ADA, PASSWORD))

    assert ada.username == normal(FULLWIDTH_ADA) == "ada"
    assert user_named(FULLWIDTH_ADA) == user_named("ada") == account_named(FULLWIDTH_ADA) == ada
    assert user_named("Ada") is None


def test_an_account_that_is_older_than_normal_names_keeps_its_own(db: None) -> None:
    ada = factories.user("ada")
    User.objects.bulk_create([User(username=FULLWIDTH_ADA)])

    found = user_named(FULLWIDTH_ADA)

    assert found is not None
    assert found != ada
    assert user_named("ada") == ada


def test_the_oldest_of_those_that_look_alike_keeps_the_others_away(db: None) -> None:
    User.objects.bulk_create(User(username=name) for name in ("Ada", "ada", "bo"))
    migration = import_module("annotator.accounts.migrations.0002_names_that_look_alike")

    with connection.schema_editor() as editor:
        migration.fill_skeletons(apps, editor)

    assert dict(User.objects.values_list("username", "skeleton")) == {
        "Ada": "ada",
        "ada": None,
        "bo": "bo",
    }
    assert refusal_of("ADA") == Code.USERNAME_LOOKS_TAKEN


def test_create_user_refuses_a_look_alike_in_words(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.user("ace")
    monkeypatch.setattr("sys.stdin", StringIO(f"{PASSWORD}\n"))

    with pytest.raises(CommandError):
        call_command("create_user", CYRILLIC_ACE, "--password-stdin")

    assert User.objects.count() == 1
