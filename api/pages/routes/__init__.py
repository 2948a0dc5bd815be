"""One file for each page or small group of pages."""

from api.pages.routes import (
    access,
    bank,
    calculators,
    cockpit,
    comparing,
    events,
    financing,
    home,
    imports,
    login,
    my_data,
    needs,
    products,
    questionnaire,
    record,
    rounds,
    statistics,
    urgent,
)

MODULES = (
    login,
    home,
    questionnaire,
    my_data,
    financing,
    needs,
    bank,
    statistics,
    access,
    record,
    products,
    rounds,
    comparing,
    events,
    imports,
    calculators,
    urgent,
    cockpit,
)
"""Their routers are all put under the prefix of the pages."""
