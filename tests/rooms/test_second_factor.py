"""Codes of authenticator apps and recovery codes: what is taken, once, and what never."""

import base64
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pyotp
import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from annotator.accounts import second_factor, services
from annotator.accounts.gates import Attempt
from annotator.accounts.models import RecoveryCode, SecondFactor, SignInGate, User
from annotator.accounts.second_factor import STEP_SECONDS, WrongCode
from annotator.accounts.services import CodeRequested, WrongCredentials, sign_in
from annotator.core.errors import Conflict, Forbidden, TooManyAttempts
from annotator.core.reasons import Code
from tests import factories

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
STEP = timedelta(seconds=STEP_SECONDS)
HERE = "192.0.2.1"
# RFC 6238, appendix B, SHA1: its secret, and the last six digits of its codes of eight.
RFC_SECRET = base64.b32encode(b"12345678901234567890").decode()
RFC_CODES = [
    (59, "287082"),
    (1111111109, "081804"),
    (1111111111, "050471"),
    (1234567890, "005924"),
    (2000000000, "279037"),
    (20000000000, "353130"),
]

pytestmark = pytest.mark.django_db


def app_of(user: User, now: datetime = NOON) -> tuple[pyotp.TOTP, list[str]]:
    """The app of a person who has just switched it on, and their recovery codes."""
    app = pyotp.TOTP(second_factor.begin(user).secret)
    return app, second_factor.confirm(user, app.at(now), now=now).codes


def with_secret(user: User, secret: str) -> None:
    """Switches a second factor on whose secret is given."""
    second_factor.begin(user)
    encrypted = second_factor._cipher().encrypt(secret.encode()).decode()
    SecondFactor.objects.filter(user=user).update(secret=encrypted, confirmed_at=NOON)


def signs_in(name: str, code: str = "", *, now: datetime = NOON, password: str = "") -> User:
    return sign_in(
        username=name, password=password or factories.PASSWORD, address=HERE, now=now, code=code
    )


@pytest.mark.parametrize(("seconds", "code"), RFC_CODES)
def test_the_codes_of_the_rfc_are_taken(seconds: int, code: str) -> None:
    ada = factories.user("ada")
    with_secret(ada, RFC_SECRET)

    second_factor.check(ada, code, now=datetime.fromtimestamp(seconds, UTC))

    assert SecondFactor.objects.get().last_step == seconds // STEP_SECONDS


def test_a_password_alone_is_asked_for_a_code() -> None:
    ada = factories.user("ada")
    app, _ = app_of(ada)

    with pytest.raises(CodeRequested):
        signs_in("ada")

    assert signs_in("ada", app.at(NOON + STEP), now=NOON + STEP) == ada


def test_a_secret_that_was_never_confirmed_asks_for_nothing() -> None:
    ada = factories.user("ada")
    second_factor.begin(ada)

    assert signs_in("ada") == ada


@pytest.mark.parametrize(
    ("drift", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_a_phone_may_be_one_step_behind_or_ahead(drift: int, taken: bool) -> None:
    ada = factories.user("ada")
    with_secret(ada, RFC_SECRET)
    code = pyotp.TOTP(RFC_SECRET).at(NOON + drift * STEP)

    if taken:
        second_factor.check(ada, code, now=NOON)
    else:
        with pytest.raises(WrongCode):
            second_factor.check(ada, code, now=NOON)


def test_a_code_is_taken_once_and_none_before_it() -> None:
    ada = factories.user("ada")
    with_secret(ada, RFC_SECRET)
    before, now = (pyotp.TOTP(RFC_SECRET).at(NOON + drift * STEP) for drift in (-1, 0))
    second_factor.check(ada, now, now=NOON)

    for code in (now, before):
        with pytest.raises(WrongCode):
            second_factor.check(ada, code, now=NOON)


def test_the_code_that_switched_it_on_signs_nobody_in() -> None:
    ada = factories.user("ada")
    app, _ = app_of(ada)

    with pytest.raises(WrongCode):
        signs_in("ada", app.at(NOON))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["app", "recovery"])
def test_of_many_who_send_one_code_at_once_one_gets_in(kind: str) -> None:
    ada = factories.user("ada")
    app, recovery = app_of(ada)
    now = NOON + STEP
    code = app.at(now) if kind == "app" else recovery[0]

    def one(_: int) -> bool:
        try:
            second_factor.check(ada, code, now=now)
        except WrongCode:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(one, range(16))) == 1


def test_ten_recovery_codes_open_the_account_once_each() -> None:
    ada = factories.user("ada")
    _, codes = app_of(ada)

    for code in codes:
        assert signs_in("ada", code) == ada
    with pytest.raises(WrongCode):
        signs_in("ada", codes[0])

    assert len(set(codes)) == 10
    assert not RecoveryCode.objects.exists()


def test_a_recovery_code_is_read_however_it_is_typed() -> None:
    ada = factories.user("ada")
    _, codes = app_of(ada)

    assert signs_in("ada", codes[0].replace("-", " ").upper()) == ada


def test_other_recovery_codes_end_those_that_there_were() -> None:
    ada = factories.user("ada")
    _, old = app_of(ada)

    new = second_factor.renew_recovery_codes(ada).codes

    with pytest.raises(WrongCode):
        signs_in("ada", old[0])
    assert signs_in("ada", new[0]) == ada


def test_neither_the_secret_nor_the_codes_can_be_read_in_the_database() -> None:
    ada = factories.user("ada")
    app, codes = app_of(ada)

    kept = SecondFactor.objects.get().secret + "".join(
        RecoveryCode.objects.values_list("digest", flat=True)
    )

    assert app.secret not in kept
    assert not any(code in kept or code.replace("-", "") in kept for code in codes)


def test_with_another_key_the_app_is_refused_in_words_and_recovery_codes_work(
    settings: Any,
) -> None:
    ada = factories.user("ada")
    app, codes = app_of(ada)
    settings.SECRET_KEY = "another key " * 5

    with pytest.raises(Forbidden) as refused:
        signs_in("ada", app.at(NOON + STEP), now=NOON + STEP)

    assert refused.value.reason.code == Code.SECOND_FACTOR_UNREADABLE
    assert signs_in("ada", codes[0], now=NOON + STEP) == ada


def test_guesses_of_codes_are_counted_and_the_password_washes_none_away() -> None:
    app_of(factories.user("ada"))
    for _ in range(4):
        with pytest.raises(CodeRequested):
            signs_in("ada")
        with pytest.raises(WrongCode):
            signs_in("ada", "000000")
    with pytest.raises(CodeRequested):
        signs_in("ada")
    with pytest.raises(TooManyAttempts):
        signs_in("ada", "000000")

    assert SignInGate.objects.get(key=Attempt("ada", HERE).origin_key).failures == 4


def test_who_types_the_code_after_the_password_is_counted_nowhere() -> None:
    app, _ = app_of(factories.user("ada"))
    with pytest.raises(CodeRequested):
        signs_in("ada")
    signs_in("ada", app.at(NOON + STEP), now=NOON + STEP)

    assert set(SignInGate.objects.values_list("failures", flat=True)) == {0}


def test_a_wrong_password_is_not_told_that_there_is_a_code() -> None:
    app_of(factories.user("ada"))

    with pytest.raises(WrongCredentials):
        signs_in("ada", password="not the password")


def test_one_that_is_on_is_not_set_up_anew() -> None:
    ada = factories.user("ada")
    app, _ = app_of(ada)

    with pytest.raises(Conflict):
        second_factor.begin(ada)
    with pytest.raises(Conflict):
        second_factor.confirm(ada, app.at(NOON), now=NOON)

    assert second_factor.is_on(ada)


def test_a_wrong_first_code_switches_nothing_on() -> None:
    ada = factories.user("ada")
    second_factor.begin(ada)

    with pytest.raises(WrongCode):
        second_factor.confirm(ada, "000000", now=NOON)

    assert signs_in("ada") == ada


def test_who_has_no_password_has_no_second_factor(settings: Any) -> None:
    ada, eve = factories.user("ada"), factories.user("eve")
    ada.set_unusable_password()

    with pytest.raises(Forbidden):
        second_factor.begin(ada)
    settings.LOCAL_PASSWORDS = False
    with pytest.raises(Forbidden):
        second_factor.begin(eve)

    assert not SecondFactor.objects.exists()


def test_the_command_lets_who_lost_their_app_in_again() -> None:
    ada = factories.user("ada")
    app_of(ada)
    page = Client()
    page.force_login(ada)

    call_command("reset_second_factor", "ada", stdout=StringIO())

    assert signs_in("ada") == ada
    assert not RecoveryCode.objects.exists()
    assert not Session.objects.exists()
    with pytest.raises(CommandError):
        call_command("reset_second_factor", "nobody")


def test_a_closed_account_keeps_its_second_factor() -> None:
    ada = factories.user("ada")
    app_of(ada)

    services.deactivate(ada, now=NOON)
    services.activate(ada)

    with pytest.raises(CodeRequested):
        signs_in("ada")


def test_the_app_is_told_whose_account_it_is_and_shown_it_as_an_image() -> None:
    told = second_factor.begin(factories.user("ada"))

    assert pyotp.parse_uri(told.uri).secret == told.secret
    assert re.match(r"otpauth://totp/Triptych:ada\?", told.uri)
    assert told.qr.startswith("data:image/svg+xml;")
