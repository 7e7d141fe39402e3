"""The demo's people who can sign in, with passwords that are made on this machine."""

import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from annotator.accounts.models import Role, User
from annotator.accounts.services import NewUser, create_user

# Without what is easily mistaken for something else; 12 of them are 59 bits.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True, slots=True)
class Seat:
    """One of the demo's accounts, and its role in every demo project."""

    username: str
    name: str
    role: Role


SEATS = (
    Seat("demo-lead", "Lena Lead", Role.MANAGER),
    Seat("demo-ana", "Ana", Role.ANNOTATOR),
    Seat("demo-bo", "Bo", Role.ANNOTATOR),
    Seat("demo-cem", "Cem", Role.ANNOTATOR),
    Seat("demo-rui", "Rui Reviewer", Role.REVIEWER),
)


@dataclass(frozen=True, slots=True)
class Login:
    """How somebody gets in."""

    username: str
    password: str
    role: str


def new_password() -> str:
    """Three groups of four, e.g. k7wm-3xqa-9fte."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(3))


def seated(kept: Path) -> list[Login]:
    """Makes the accounts, or finds them again with the passwords in the file `kept` (mode 0600).

    If the file is gone, they get new passwords: whoever runs this owns the machine.
    """
    known = {login.username: login for login in read(kept)}
    logins = [
        known.get(seat.username) or Login(seat.username, new_password(), seat.role)
        for seat in SEATS
    ]
    _write(kept, logins)
    with transaction.atomic():
        for seat, login in zip(SEATS, logins, strict=True):
            _seat(seat, login, fresh=login.username not in known)
    return logins


def _seat(seat: Seat, login: Login, *, fresh: bool) -> None:
    user = User.objects.filter(username=seat.username).first()
    if user is None:
        create_user(
            NewUser(seat.username, login.password, seat.name),
            can_create_projects=seat.role == Role.MANAGER,
        )
    elif fresh:
        user.set_password(login.password)
        user.save(update_fields=["password"])


def read(kept: Path) -> list[Login]:
    """What the file says; empty if there is none."""
    if not kept.exists():
        return []
    lines = (line.split() for line in kept.read_text(encoding="utf-8").splitlines())
    return [Login(*words) for words in lines if len(words) == 3]


def _write(kept: Path, logins: Sequence[Login]) -> None:
    kept.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        os.fchmod(descriptor, 0o600)
        stream.writelines(f"{one.username:<12} {one.password} {one.role}\n" for one in logins)
