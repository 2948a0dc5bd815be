"""Send deliveries: signed, within five seconds, to the address that was judged, and no further.

References
----------
RFC 2104, HMAC (1997): ``HMAC-SHA256(secret, timestamp "." body)``, as the receiver computes it.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

import httpx

from matcher.services.webhooks.addresses import AddressError, Target, target_of

SIGNATURE = "Yinqi-Signature"
TIMESTAMP = "Yinqi-Timestamp"
WEBHOOK = "Yinqi-Webhook"
LIMIT_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Delivery:
    """What one webhook is sent.

    Parameters
    ----------
    sent_number, number
        The last event that was delivered before, and the last of this delivery.
    timestamp
        Seconds since 1970, signed with the body, so that an old delivery cannot be sent again.
    """

    webhook_id: UUID
    url: str
    secret: str = field(repr=False)
    sent_number: int
    number: int
    timestamp: int
    body: bytes

    @property
    def signature(self) -> str:
        """The value of the header."""
        return sign(self.secret, self.timestamp, self.body)


def sign(secret: str, timestamp: int, body: bytes) -> str:
    """Return the signature of a delivery: ``v1=`` and 64 hexadecimal digits."""
    message = b"%d.%b" % (timestamp, body)
    return f"v1={hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()}"


def send_all(
    deliveries: Sequence[Delivery], allows_local: bool, limit_seconds: float = LIMIT_SECONDS
) -> list[int | None]:
    """Send deliveries at once and return the status that each was answered by.

    None where nothing may be sent, nobody answered in time, or not with a certificate that
    holds. Redirects are an answer and are not followed.
    """

    async def send() -> list[int | None]:
        # Certificates are verified; no proxy of the environment sees a delivery.
        async with httpx.AsyncClient(follow_redirects=False, trust_env=False) as client:
            waiting = (_sent(client, one, allows_local, limit_seconds) for one in deliveries)
            return list(await asyncio.gather(*waiting))

    return asyncio.run(send())


async def _sent(
    client: httpx.AsyncClient, delivery: Delivery, allows_local: bool, limit_seconds: float
) -> int | None:
    try:
        async with asyncio.timeout(limit_seconds):
            target = await asyncio.to_thread(target_of, delivery.url, allows_local)
            return await _status(client, delivery, target)
    except (AddressError, httpx.HTTPError, httpx.InvalidURL, TimeoutError, OSError):
        return None


async def _status(client: httpx.AsyncClient, delivery: Delivery, target: Target) -> int:
    headers = {
        "Host": target.netloc,
        "Content-Type": "application/json",
        "User-Agent": "yinqi-webhook/1",
        WEBHOOK: str(delivery.webhook_id),
        TIMESTAMP: str(delivery.timestamp),
        SIGNATURE: delivery.signature,
    }
    request = client.build_request(
        "POST",
        target.url,
        headers=headers,
        content=delivery.body,
        # The name that the certificate has to be of, though an address is called.
        extensions={"sni_hostname": target.host},
    )
    response = await client.send(request, stream=True)
    await response.aclose()  # what it says is not read
    return response.status_code
