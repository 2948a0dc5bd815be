"""The mark of a browser that somebody logged in with: it lets nobody in, see `attempts`."""

from __future__ import annotations

from matcher.services.accounts.secret import ServerSecret
from matcher.services.accounts.tokens import new_token

_PURPOSE = "device"
_MAX_LENGTH = 200


def new_mark(secret: ServerSecret, login: str) -> str:
    """Return what a browser keeps once somebody has logged in with it."""
    token = new_token()
    return f"{token}.{secret.sign(_PURPOSE, login, token)}"


def device_of(secret: ServerSecret, login: str, mark: str | None) -> str | None:
    """Return which browser it is, None if nobody has logged in with it by this name."""
    if mark is None or len(mark) > _MAX_LENGTH:
        return None
    token, _, signature = mark.partition(".")
    return token if secret.holds(signature, _PURPOSE, login, token) else None
