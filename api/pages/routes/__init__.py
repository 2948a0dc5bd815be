"""One file for each page or small group of pages."""

from api.pages.routes import (
    bank,
    calculators,
    home,
    login,
    needs,
    products,
    rounds,
)

MODULES = (
    login,
    home,
    needs,
    bank,
    products,
    rounds,
    calculators,
)
"""Their routers are all put under the prefix of the pages."""
