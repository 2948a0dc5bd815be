"""The thin API: HTTP in, HTTP out, and no rule of its own.

``uvicorn --factory api:create_app`` serves it, with any number of processes; runs are worked at
by `matcher worker`. `matcher serve` does both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.settings import Settings

if TYPE_CHECKING:
    from api.app import create_app as create_app

__all__ = ["Settings", "create_app"]


def __getattr__(name: str) -> object:
    # The worker reads the settings and needs no web framework for it.
    if name == "create_app":
        from api.app import create_app

        return create_app
    raise AttributeError(name)
