"""The offers of a firm as its pages show them: by instrument, the cheapest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from api.pages.views.leads import status_kind
from api.pages.views.records import name_of
from matcher.domain.choices import Instrument
from matcher.domain.text import Text
from matcher.services.offers.listing import Offer

_LAST = "9"


@dataclass(frozen=True, slots=True)
class Shown:
    """An offer with the colour of its status.

    Parameters
    ----------
    days_left
        Days until its institution owes the next answer, negative after it; None if it owes none.
    """

    offer: Offer
    institution: Text
    kind: str
    days_left: int | None


@dataclass(frozen=True, slots=True)
class Group:
    """The offers of one instrument."""

    instrument: Text
    offers: tuple[Shown, ...]


def by_instrument(offers: Iterable[Offer]) -> list[Group]:
    """Return offers by what they are, in the order of the instruments, the cheapest first."""
    found = sorted(offers, key=_place)
    groups = (
        (one, tuple(show(o) for o in found if o.product.instrument == one.value))
        for one in Instrument
    )
    return [Group(one.text, members) for one, members in groups if members]


def show(offer: Offer) -> Shown:
    """Return an offer as a page shows it."""
    deadline = offer.clock.deadline
    days_left = None if deadline is None else (deadline.due - offer.clock.today).days
    return Shown(offer, name_of(offer.institution), status_kind(offer.case.status), days_left)


def _place(offer: Offer) -> tuple[str, str, str]:
    cost, day = offer.known["all_in_high"], offer.known["cash_date"]
    return (
        _LAST if cost is None else f"{float(cost):.8f}",
        day or _LAST,
        offer.lead.id.hex,
    )
