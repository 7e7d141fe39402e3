"""The limiter of sign-ins: per account and per address, with delays that double.

An account: five tries at once, then pauses of 2, 4, 8 … 900 s, so at most 16 tries in the first
hour and 4 in each one after, however many are sent. An address: a hundred at once (an office of two
hundred stands behind one), then pauses of up to a minute. An hour without a try forgives.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from django.db import transaction

from annotator.accounts.models import SignInGate
from annotator.core.errors import TooManyAttempts

FORGIVEN_AFTER = timedelta(hours=1)
KEPT_FOR = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Backoff:
    """So many tries without a pause; then pauses that double up to the longest."""

    free: int
    longest: timedelta

    def pause(self, failures: int) -> timedelta:
        """How long nothing is evaluated after this many tries."""
        if failures < self.free:
            return timedelta(0)
        # 2 ** 20 s is longer than any `longest`: the exponent need not grow further.
        return min(timedelta(seconds=2 ** min(failures - self.free + 1, 20)), self.longest)


ACCOUNT = Backoff(free=5, longest=timedelta(minutes=15))
ADDRESS = Backoff(free=100, longest=timedelta(minutes=1))


def account_key(username: str) -> str:
    """The gate of a name, whether somebody has it or not."""
    return "account:" + hashlib.sha256(username.encode()).hexdigest()


def address_key(address: str) -> str:
    """The gate of a client's address."""
    return f"address:{address}"[:80]


@transaction.atomic
def pass_gates(*, username: str, address: str, now: datetime) -> None:
    """Counts a try at both gates, or raises TooManyAttempts and counts nothing.

    Always the account's gate first, so that two callers never wait for each other crosswise.
    """
    _pass(account_key(username), ACCOUNT, now)
    _pass(address_key(address), ADDRESS, now)


def _pass(key: str, backoff: Backoff, now: datetime) -> None:
    gate, _ = SignInGate.objects.select_for_update().get_or_create(
        key=key, defaults={"opens_at": now, "last_at": now}
    )
    if now < gate.opens_at:
        raise TooManyAttempts(ceil((gate.opens_at - now).total_seconds()))
    forgiven = now - gate.last_at >= FORGIVEN_AFTER
    gate.failures = 1 if forgiven else gate.failures + 1
    gate.opens_at = now + backoff.pause(gate.failures)
    gate.last_at = now
    gate.save(update_fields=["failures", "opens_at", "last_at"])


@transaction.atomic
def reopen_account(*, username: str, address: str, now: datetime) -> None:
    """After a right password: the account starts afresh; at its address this try did not count.

    The address is not forgiven the rest: its owner's own account must not wash guesses at others'.
    """
    SignInGate.objects.filter(key=account_key(username)).update(failures=0, opens_at=now)
    gate = SignInGate.objects.select_for_update().filter(key=address_key(address)).first()
    if gate is not None and gate.failures:
        gate.failures -= 1
        gate.save(update_fields=["failures"])


def forget_old_gates(now: datetime) -> int:
    """Deletes gates that nobody came to for a day; returns how many. Called by the sweep."""
    return SignInGate.objects.filter(last_at__lt=now - KEPT_FOR).delete()[0]
