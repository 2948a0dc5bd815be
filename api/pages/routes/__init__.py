"""One file for each page or small group of pages."""

from api.pages.routes import (
    bank,
    calculators,
    home,
    login,
    needs,
    products,
)

MODULES = (
    login,
    home,
    needs,
    bank,
    products,
    calculators,
)
"""Their routers are all put under the prefix of the pages."""
