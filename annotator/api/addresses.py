"""Where a request comes from."""

from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest
from rest_framework.request import Request


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
