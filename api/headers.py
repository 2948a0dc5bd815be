"""Headers that every answer has, so that a browser does nothing with it that was not meant."""

from __future__ import annotations

DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"
"""For answers that are data: nothing in them is loaded or run. Pages set their own."""

_ALWAYS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": DATA_POLICY,
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_SECURE = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}


def protecting(secure: bool) -> dict[str, str]:
    """Return the headers for answers that set none of their own.

    Parameters
    ----------
    secure
        Whether the service is reached by https only.
    """
    return _ALWAYS | _SECURE if secure else _ALWAYS
