"""Where deliveries may go: to public addresses by https, never into the house of the service.

A name is looked up once and the address that was judged is the one that is called: a name that
answers otherwise the second time gains nothing.
"""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from matcher.domain.errors import Fault
from matcher.domain.text import Text

MAX_URL_LENGTH = 2000
_HTTPS = 443
_HTTP = 80
_TUNNELS = tuple(
    # Addresses of IPv6 that carry one of IPv4, which may be anybody's.
    ipaddress.ip_network(network)
    for network in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96")
)
_EXPECTED = Text.same("https://…")


class AddressError(Exception):
    """Nothing may be sent there, or nobody knows where that is."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a delivery goes.

    Parameters
    ----------
    address
        The IP address to call.
    host, port, path
        Of the URL: the name in ``Host`` and in the certificate, and what is asked for.
    """

    scheme: str
    address: str
    host: str
    port: int
    path: str

    @property
    def url(self) -> str:
        """The URL by address."""
        shown = f"[{self.address}]" if ":" in self.address else self.address
        return f"{self.scheme}://{shown}:{self.port}{self.path}"

    @property
    def netloc(self) -> str:
        """What the header ``Host`` says."""
        usual = _HTTPS if self.scheme == "https" else _HTTP
        shown = f"[{self.host}]" if ":" in self.host else self.host
        return shown if self.port == usual else f"{shown}:{self.port}"


def url_faults(url: str, allows_local: bool) -> list[Fault]:
    """Return what is wrong with a URL as far as its letters show."""
    message = Text("回调地址不可用", "is no address that deliveries go to")
    return [] if _is_sound(url, allows_local) else [Fault(message, "url", None, _EXPECTED)]


def target_of(url: str, allows_local: bool) -> Target:
    """Look up where a URL leads.

    Parameters
    ----------
    allows_local
        Whether http and addresses that are not public will do: for tests, and for a house whose
        banks are reached by a private network.

    Raises
    ------
    AddressError
        If its letters, or any of its addresses, are refused, or there is none.
    """
    if not _is_sound(url, allows_local):
        raise AddressError("url")
    parts = urlsplit(url)
    assert parts.hostname is not None
    port = parts.port or (_HTTPS if parts.scheme == "https" else _HTTP)
    addresses = _addresses(parts.hostname, port)
    if not addresses or not (allows_local or all(is_public(one) for one in addresses)):
        raise AddressError("address")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, addresses[0], parts.hostname, port, path)


def is_public(address: str) -> bool:
    """Tell whether an address is one of the public internet, and carries no other."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return is_public(str(found.ipv4_mapped))
        if any(found in network for network in _TUNNELS):
            return False
    return found.is_global and not found.is_multicast and not found.is_reserved


def _is_sound(url: str, allows_local: bool) -> bool:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    schemes = ("https", "http") if allows_local else ("https",)
    is_plain = url.isascii() and url.isprintable() and not any(c in url for c in ' "<>\\^`{|}')
    return (
        is_plain
        and len(url) <= MAX_URL_LENGTH
        and parts.scheme in schemes
        and bool(parts.hostname)
        and parts.username is None
        and parts.password is None
        and not parts.fragment
        and (allows_local or _may_be_public(parts.hostname or ""))
    )


def _may_be_public(host: str) -> bool:
    """Refuse at once what needs no look-up to be refused."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return "." in host.strip(".") and not host.rstrip(".").endswith(("localhost", ".local"))
    return is_public(host)


def _addresses(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))
