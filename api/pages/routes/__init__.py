"""One file for each page or small group of pages."""

from api.pages.routes import bank, home, login, needs

MODULES = (login, home, needs, bank)
"""Their routers are all put under the prefix of the pages."""
