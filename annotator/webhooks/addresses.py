"""Where a webhook may lead: by HTTPS to an address that everybody can reach.

A site that sends wherever it is told reaches into its own network, so a name is resolved once, what
it stands for is looked at, and the connection is made to just that.
"""

import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from django.conf import settings

from annotator.core.errors import Invalid
from annotator.core.reasons import Code, Reason

Address = IPv4Address | IPv6Address

# IPv6 addresses that stand for one of IPv4 behind a translator (RFC 6052, RFC 8215).
TRANSLATED = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))
PORTS = {"https": 443, "http": 80}


class NoWayThere(Exception):
    """A webhook's name leads nowhere, or to where nothing may be sent."""

    def __init__(self, reason: Reason) -> None:
        self.reason = reason
        super().__init__(str(reason.code))


def refuse_unfit_url(url: str) -> None:
    """Raises Invalid for what is no address of a webhook, without asking any name server."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Invalid(fields={"url": Reason(Code.WEBHOOK_URL_UNFIT)}) from error
    plain = url.isascii() and url.isprintable() and " " not in url and port != 0
    if parts.scheme not in PORTS or not parts.hostname or "@" in parts.netloc or not plain:
        raise Invalid(fields={"url": Reason(Code.WEBHOOK_URL_UNFIT)})
    if parts.scheme != "https" and not settings.WEBHOOK_PRIVATE_ADDRESSES:
        raise Invalid(fields={"url": Reason(Code.WEBHOOK_NEEDS_HTTPS)})
    literal = _literal(parts.hostname)
    if literal is not None and not may_be_reached(literal):
        raise Invalid(fields={"url": Reason(Code.WEBHOOK_ADDRESS_PRIVATE)})


def resolve(host: str, port: int) -> Address:
    """The address to connect to. Raises NoWayThere."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NoWayThere(Reason(Code.WEBHOOK_NAME_UNKNOWN, name=host)) from error
    addresses = [ip_address(str(address[0]).partition("%")[0]) for *_, address in found]
    reached = [address for address in addresses if may_be_reached(address)]
    if not reached:
        raise NoWayThere(Reason(Code.WEBHOOK_ADDRESS_PRIVATE))
    return reached[0]


def may_be_reached(address: Address) -> bool:
    """Whether a webhook may lead there: to everybody's network, or wherever the site allows."""
    return settings.WEBHOOK_PRIVATE_ADDRESSES or is_public(address)


def is_public(address: Address) -> bool:
    """Whether it is an address of everybody's network, not one of this machine or its own."""
    if isinstance(address, IPv6Address):
        inside = address.ipv4_mapped or address.sixtofour or _translated(address)
        if address.teredo is not None:
            return False
        if inside is not None:
            return is_public(inside)
    return address.is_global and not address.is_multicast


def _translated(address: IPv6Address) -> IPv4Address | None:
    behind = any(address in network for network in TRANSLATED)
    return IPv4Address(int(address) & 0xFFFFFFFF) if behind else None


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None
