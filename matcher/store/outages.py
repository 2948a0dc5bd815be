"""What the driver raises when the database cannot be reached, or is busy for too long."""

from __future__ import annotations

from sqlalchemy.exc import InterfaceError, OperationalError, TimeoutError

OUTAGES = (InterfaceError, OperationalError, TimeoutError)
"""Worth trying again later; nothing was written."""
