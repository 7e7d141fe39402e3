"""The second factor of who signs in with a password: codes of an app (RFC 6238), recovery codes.

The app's secret is encrypted with a key that is derived from SECRET_KEY; with another one it can't
be read any more. Recovery codes are hashed without a key.
"""

import base64
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from hmac import compare_digest

import pyotp
import segno
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db import transaction

from annotator.accounts.models import RecoveryCode, SecondFactor, User
from annotator.accounts.selectors import digest_of
from annotator.core.errors import Conflict, Forbidden, Invalid
from annotator.core.reasons import Code, Reason
from annotator.core.sealing import cipher

ISSUER = "Triptych"
STEP_SECONDS = 30
# A phone's clock may be a step behind or ahead.
DRIFT_STEPS = (-1, 0, 1)
RECOVERY_CODES = 10
RECOVERY_BYTES = 10


class WrongCode(Invalid):
    """Neither a code of the app just now nor a recovery code; or one that has been used."""

    code = Code.WRONG_CODE


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an authenticator app is to be given, three ways. Shown this once."""

    secret: str = field(metadata={"help": "To be typed in, base32."})
    uri: str = field(metadata={"help": "otpauth://…"})
    qr: str = field(metadata={"help": "The uri as an image: a data: address of an SVG."})


@dataclass(frozen=True, slots=True)
class RecoveryCodes:
    """Each opens the account once, in place of a code of the app. Shown this once."""

    codes: list[str]


def is_on(user: User) -> bool:
    """Whether a code is asked of this person (1 query)."""
    return SecondFactor.objects.filter(user=user, confirmed_at__isnull=False).exists()


def refuse_unless_on(user: User) -> None:
    """Raises Conflict for who has no second factor."""
    if not is_on(user):
        raise Conflict(Reason(Code.SECOND_FACTOR_OFF))


def is_required_of(user: User) -> bool:
    """Whether this site lets this person's password in only with a code."""
    of_them = {"none": False, "leads": user.can_create_projects, "all": True}
    has_password = settings.LOCAL_PASSWORDS and user.has_usable_password()
    return has_password and of_them[settings.SECOND_FACTOR_FOR]


@transaction.atomic
def begin(user: User) -> Enrolment:
    """A new secret, which counts once a code of it has come; Conflict when one is on."""
    if not settings.LOCAL_PASSWORDS or not user.has_usable_password():
        raise Forbidden(Reason(Code.SECOND_FACTOR_WITHOUT_PASSWORD))
    if is_on(user):
        raise Conflict(Reason(Code.SECOND_FACTOR_ON))
    secret = pyotp.random_base32()
    SecondFactor.objects.update_or_create(
        user=user, defaults={"secret": _cipher().encrypt(secret.encode()).decode(), "last_step": 0}
    )
    uri = pyotp.TOTP(secret).provisioning_uri(name=user.username, issuer_name=ISSUER)
    return Enrolment(secret, uri, segno.make(uri, micro=False).svg_data_uri(scale=5, border=2))


@transaction.atomic
def confirm(user: User, code: str, *, now: datetime) -> RecoveryCodes:
    """Switches it on with a code of the app; WrongCode, Conflict when nothing was begun."""
    factor = SecondFactor.objects.select_for_update().filter(user=user).first()
    if factor is None:
        raise Conflict(Reason(Code.SECOND_FACTOR_OFF))
    if factor.confirmed_at is not None:
        raise Conflict(Reason(Code.SECOND_FACTOR_ON))
    if not _is_of_app(factor, _plain(code), now):
        raise WrongCode
    SecondFactor.objects.filter(user=user).update(confirmed_at=now)
    return _renew(user)


@transaction.atomic
def renew_recovery_codes(user: User) -> RecoveryCodes:
    """Ten others in place of those that there were; Conflict when there is no second factor."""
    refuse_unless_on(user)
    return _renew(user)


def check(user: User, code: str, *, now: datetime) -> None:
    """Takes a code of the app or a recovery code, each once; WrongCode. For whom it is on."""
    plain = _plain(code)
    used, _ = RecoveryCode.objects.filter(user=user, digest=digest_of(plain)).delete()
    if not used and not _is_of_app(SecondFactor.objects.get(user=user), plain, now):
        raise WrongCode


@transaction.atomic
def remove(user: User) -> None:
    """Switches it off, with its recovery codes."""
    SecondFactor.objects.filter(user=user).delete()
    RecoveryCode.objects.filter(user=user).delete()


def _is_of_app(factor: SecondFactor, code: str, now: datetime) -> bool:
    """Whether the app shows this code about now; one guarded UPDATE takes it, so only once."""
    app = pyotp.TOTP(_secret_of(factor), interval=STEP_SECONDS)
    present = int(now.timestamp()) // STEP_SECONDS
    for step in (present + drift for drift in DRIFT_STEPS):
        if compare_digest(app.generate_otp(step).encode(), code.encode()):
            unused = SecondFactor.objects.filter(pk=factor.pk, last_step__lt=step)
            return bool(unused.update(last_step=step))
    return False


def _secret_of(factor: SecondFactor) -> str:
    try:
        return _cipher().decrypt(factor.secret.encode()).decode()
    except InvalidToken as error:
        raise Forbidden(Reason(Code.SECOND_FACTOR_UNREADABLE)) from error


def _renew(user: User) -> RecoveryCodes:
    RecoveryCode.objects.filter(user=user).delete()
    codes = [_new_code() for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(user=user, digest=digest_of(_plain(code))) for code in codes
    )
    return RecoveryCodes(codes)


def _new_code() -> str:
    """80 random bits, in four groups of four letters and digits."""
    letters = base64.b32encode(secrets.token_bytes(RECOVERY_BYTES)).decode().lower()
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def _plain(code: str) -> str:
    return "".join(filter(str.isalnum, code)).lower()


def _cipher() -> Fernet:
    return cipher("annotator.accounts.second_factor")
