"""The thin API: HTTP in, HTTP out, and no rule of its own.

There are no logins yet. Whoever reaches the port sees every plan, so bind it to this machine:
``uvicorn.run(create_app(), host="127.0.0.1")``. Requests that name another host are refused,
which keeps web pages that a browser has open from reading it (DNS rebinding).
"""

from api.app import create_app
from api.settings import Settings

__all__ = ["Settings", "create_app"]
