"""What holds for calls that nobody has signed in for yet."""

from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest
from django.middleware.csrf import get_token
from rest_framework.request import Request

from annotator.accounts.models import User
from annotator.api.authentication import BrowserAuthentication


def give_csrf_cookie(request: Request) -> None:
    """Makes the answer set the cookie csrftoken, so that the page can send it back."""
    get_token(request._request)


def refuse_foreign_pages(request: Request) -> None:
    """Raises CsrfFailed unless the request carries the token that our own page was given."""
    BrowserAuthentication().enforce_csrf(request)


def start_session(request: Request, user: User) -> None:
    """Signs the person in under a new session key, also when they were signed in already."""
    login(request._request, user)
    request._request.session.cycle_key()


def client_address(request: HttpRequest | Request) -> str:
    """Where the request comes from, as far as it can be believed.

    X-Forwarded-For counts only as far as TRUSTED_PROXIES reach, from its right end: what stands
    further left was written by the caller. An IPv6 client is its /64, of which it has all
    addresses.
    """
    named = [request.META.get("REMOTE_ADDR", "")]
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
    if settings.TRUSTED_PROXIES and forwarded:
        named = [part.strip() for part in forwarded.split(",")] + named
        named = named[: -settings.TRUSTED_PROXIES] or named[:1]
    return _network(named[-1])


def _network(address: str) -> str:
    try:
        known = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(known, IPv6Address):
        if known.ipv4_mapped:
            return str(known.ipv4_mapped)
        return str(ip_network((known, 64), strict=False))
    return str(known)
