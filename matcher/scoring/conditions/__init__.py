"""What must hold between a need and any product, whatever the product's own rules are.

Each condition has two readings that tests hold equal: `Condition.judge` reads one pair and
gives reasons, `Condition.column` reads all needs beside one package. `Condition.mend` proposes
the smallest change of the need that would turn a fail into something else.
"""

from matcher.scoring.conditions.access import Consented, InstrumentAccepted, NoConflict, OnOffer
from matcher.scoring.conditions.base import Condition
from matcher.scoring.conditions.terms import (
    AmountFits,
    CostAccepted,
    Covered,
    InTime,
    TermFits,
)

__all__ = ["CONDITIONS", "PART_CONDITIONS", "Condition"]

CONDITIONS: tuple[Condition, ...] = (
    InstrumentAccepted(),
    OnOffer(),
    Consented(),
    NoConflict(),
    AmountFits(),
    TermFits(),
    InTime(),
    CostAccepted(),
    Covered(),
)
"""Every condition, in the order in which a person would ask."""

PART_CONDITIONS: tuple[Condition, ...] = (
    OnOffer(),
    Consented(),
    NoConflict(),
    AmountFits(),
    TermFits(),
    Covered(),
)
"""What must hold of each product that goes with the leading one. Instrument, time and cost are
questions to the package as a whole."""
