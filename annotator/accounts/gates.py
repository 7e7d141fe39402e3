"""The limiter of sign-ins: three gates, each with delays that double.

One account from one origin: five tries at once, then pauses of 2, 4, 8 … 900 s, so at most 16 tries
in the first hour and 4 in each one after, however many are sent. An origin is an address; or a
browser that has signed in to the account before, wherever it is now. One account from everywhere:
fifty at once, then pauses of up to five minutes; it does not concern such a browser, so nobody's
guesses keep the owner out. One address: a hundred at once (an office of two hundred stands behind
one), then pauses of up to a minute. An hour without a try forgives.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from django.db import transaction
from django.db.models import F

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


ORIGIN = Backoff(free=5, longest=timedelta(minutes=15))
ACCOUNT = Backoff(free=50, longest=timedelta(minutes=5))
ADDRESS = Backoff(free=100, longest=timedelta(minutes=1))


@dataclass(frozen=True, slots=True)
class Attempt:
    """A try to sign in: whose account, from where.

    `browser`: the number of a browser that has signed in to this account before, else empty.
    """

    username: str
    address: str
    browser: str = ""

    @property
    def origin_key(self) -> str:
        """The gate of this account from this origin."""
        kind, where = ("browser", self.browser) if self.browser else ("origin", self.address)
        return f"{kind}:{_digest(self.username, where)}"

    @property
    def account_key(self) -> str:
        """The gate of a name, whether somebody has it or not."""
        return f"account:{_digest(self.username)}"

    @property
    def address_key(self) -> str:
        """The gate of a client's address."""
        return f"address:{self.address}"[:80]


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


@transaction.atomic
def pass_gates(attempt: Attempt, *, now: datetime) -> None:
    """Counts a try at its gates, or raises TooManyAttempts and counts nothing.

    Always in this order, so that two callers never wait for each other crosswise.
    """
    _pass(attempt.origin_key, ORIGIN, now)
    if not attempt.browser:
        _pass(attempt.account_key, ACCOUNT, now)
    _pass(attempt.address_key, ADDRESS, now)


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
def reopen(attempt: Attempt, *, now: datetime) -> None:
    """After a right password: its origin starts afresh; at the other gates this try did not count.

    These are not forgiven the rest: whoever gets in must not wash others' guesses, neither those at
    this account from elsewhere nor those at other accounts from here.
    """
    SignInGate.objects.filter(key=attempt.origin_key).update(failures=0, opens_at=now)
    if not attempt.browser:
        _uncount(attempt.account_key)
    _uncount(attempt.address_key)


@transaction.atomic
def take_back(attempt: Attempt) -> None:
    """After a right password that a code is still missing from: this try did not count anywhere.

    Nothing is forgiven: whoever has the password would wash their guesses of codes with it.
    """
    _uncount(attempt.origin_key)
    if not attempt.browser:
        _uncount(attempt.account_key)
    _uncount(attempt.address_key)


def _uncount(key: str) -> None:
    SignInGate.objects.filter(key=key, failures__gt=0).update(failures=F("failures") - 1)


def forget_old_gates(now: datetime) -> int:
    """Deletes gates that nobody came to for a day; returns how many. Called by the sweep."""
    return SignInGate.objects.filter(last_at__lt=now - KEPT_FOR).delete()[0]
