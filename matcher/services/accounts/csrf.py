"""The token that a form carries: another site can send our cookie, but not read our pages."""

from __future__ import annotations

from matcher.services.accounts.secret import ServerSecret
from matcher.services.accounts.tokens import token_sha256

_PURPOSE = "csrf"


def csrf_token(secret: ServerSecret, session_token: str) -> str:
    """Return the token of the forms of one session; it is over when the session is."""
    return secret.sign(_PURPOSE, token_sha256(session_token))


def csrf_holds(secret: ServerSecret, session_token: str, given: str) -> bool:
    """Tell whether a form came from a page of this session."""
    return secret.holds(given, _PURPOSE, token_sha256(session_token))
