"""Secrets that let somebody in: long, random, shown once, kept as a hash."""

from __future__ import annotations

import hashlib
import secrets

KEY_PREFIX = "yq_"
_BYTES = 32


def new_token(prefix: str = "") -> str:
    """Return a new secret of 256 random bits."""
    return prefix + secrets.token_urlsafe(_BYTES)


def token_sha256(token: str) -> str:
    """Return what is kept of a secret; random bits need no slow hash."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
