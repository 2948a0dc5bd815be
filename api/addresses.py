"""Where a request comes from, as far as it may be counted."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Any


def client_address(scope: Mapping[str, Any]) -> str:
    """Return the address of a client; of IPv6 the network, for a client has all of it."""
    host = str((scope.get("client") or ("", 0))[0])
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((address, 64), strict=False))
