"""Names to log in with: one spelling each, of characters that no other looks like."""

from __future__ import annotations

import re

from matcher.domain.errors import Faults
from matcher.domain.text import Text

LOGIN_PATTERN = r"^[a-z0-9][a-z0-9._@+-]{1,126}[a-z0-9]$"
_LOGIN = re.compile(LOGIN_PATTERN)


def normal_login(login: str) -> str:
    """Return the one spelling of a login; what can be none becomes one that nobody has."""
    spelled = login.strip().lower()
    return spelled if _LOGIN.fullmatch(spelled) else ""


def require_login(faults: Faults, login: str) -> str:
    """Return the spelling under which an account is made, noting a fault if it is no login."""
    spelled = normal_login(login)
    expected = Text(
        "3 到 128 个小写字母、数字或 . _ @ + -，首尾为字母或数字",
        "3 to 128 letters, digits or . _ @ + -, with a letter or digit at both ends",
    )
    faults.require(bool(spelled), "login", login, expected)
    return spelled
