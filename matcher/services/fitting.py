"""Which products fit one need as the market stands, and what keeps the others from it.

The one judge of "why not": the pages of firms and the API both say what it says, of the same day.

Only the need that is asked about is read, beside the catalogue: what other firms want plays no
part, and places that are left play none either.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from threading import Lock
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from matcher.domain.criteria import State, Verdict
from matcher.domain.institution import Institution, Product
from matcher.domain.records import Records
from matcher.domain.text import Text
from matcher.market import Market
from matcher.planning.urgent import cash_date
from matcher.scoring.change import Change
from matcher.scoring.columns import FAIL
from matcher.scoring.eligibility import Eligibility
from matcher.scoring.mending import judge, smallest_change
from matcher.scoring.pair import Pair
from matcher.services.records.loading import given_keys, market_day
from matcher.services.records.state import market_revision
from matcher.services.rounds import make_round
from matcher.store.mapping import TABLE_ROWS, read_documents
from matcher.store.tables import EnterpriseRow, NeedRow

MAX_OTHERS = 12
"""How many of the products that do not fit are explained, the nearest first."""

MAX_KEPT = 200
"""How many needs are remembered."""

_OF_FIRMS = ("enterprises", "needs")


@dataclass(frozen=True, slots=True)
class Fit:
    """A product that fits.

    Parameters
    ----------
    low, high
        All-in yearly cost at the lowest and highest rate quoted; None where not known.
    missing
        What has still to be shown.
    """

    product: Product
    institution: Institution
    offered_fen: int
    low: Decimal | None
    high: Decimal | None
    cash_date: date | None
    missing: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Misfit:
    """A product that does not fit.

    Parameters
    ----------
    failing
        The rules that fail.
    changes
        The smallest change of the need after which it would fit; None if there is none.
    missing
        What would have to be shown besides.
    """

    product: Product
    institution: Institution
    failing: tuple[Verdict, ...]
    changes: tuple[Change, ...] | None
    missing: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Fitting:
    """What fits a need, the cheapest first; and what does not, first where least has to change.

    Parameters
    ----------
    num_others
        How many products of the kinds that the firm accepts do not fit, also those that are not
        explained.
    """

    fits: tuple[Fit, ...]
    others: tuple[Misfit, ...]
    num_others: int


class Fittings:
    """What was reckoned last, for as long as the market stays as it is; one for a database.

    A catalogue of 500 products takes half a second, and a page is looked at more than once.
    """

    def __init__(self) -> None:
        self._found: OrderedDict[tuple[str, UUID, date], Fitting] = OrderedDict()
        self._lock = Lock()

    def of(self, session: Session, need: NeedRow, day: date) -> Fitting:
        """Return what `fitting` returns."""
        key = (market_revision(session), need.id, day)
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
                return self._found[key]
        found = fitting(session, need, day)
        with self._lock:
            self._found[key] = found
            while len(self._found) > MAX_KEPT:
                self._found.popitem(last=False)
        return found


def fitting(session: Session, need: NeedRow, day: date, most: int = MAX_OTHERS) -> Fitting:
    """Return what fits a need that whoever asks may see.

    Parameters
    ----------
    day
        The day on which the firm would apply; see `day_of`.
    most
        How many of the products that do not fit are explained: those that fail fewest rules.
    """
    market = market_of_need(session, need, day)
    eligibility = Eligibility(market)
    fits, others = list[Fit](), list[tuple[int, int]]()
    for product_idx in _accepted(market):
        states = eligibility.states(eligibility.block(product_idx))
        failed = int((states[:, 0] == FAIL).sum())
        if failed:
            others.append((failed, product_idx))
        else:
            fits.append(_fit(market, product_idx))
    nearest = [_misfit(market, product_idx) for _, product_idx in sorted(others)[:most]]
    return Fitting(
        fits=tuple(sorted(fits, key=_cheapest)),
        others=tuple(sorted(nearest, key=_distance)),
        num_others=len(others),
    )


def day_of(session: Session, need: NeedRow, today: date) -> date:
    """Return the day on which a need is judged: today, or the round's day if it was due before."""
    is_past = need.needed_by is not None and need.needed_by < today
    return (market_day(session) or today) if is_past else today


def market_of_need(session: Session, need: NeedRow, day: date) -> Market:
    """Return the live market with one need in it and no other."""
    firm = session.scalars(
        select(EnterpriseRow.document).where(col(EnterpriseRow.id) == need.enterprise_id)
    ).one()
    tables = {t.name: _documents(session, t.row) for t in TABLE_ROWS if t.name not in _OF_FIRMS}
    read = {name: read_documents(name, documents) for name, documents in tables.items()}
    (asked,) = read_documents("needs", [need.document])
    consents = given_keys(session, need.id)
    asked = replace(asked, consent=consents.get(need.key, asked.consent))
    records = Records(**read, enterprises=read_documents("enterprises", [firm]), needs=(asked,))
    return make_round(records, day).market


def _documents(session: Session, row: Any) -> list[str]:
    return list(session.scalars(select(row.document).order_by(row.position, row.id)))


def _accepted(market: Market) -> Iterator[int]:
    """Yield the products of the kinds that the firm accepts, each as the leading one."""
    (need,) = market.needs
    for product_idx, product in enumerate(market.products):
        if product.instrument in need.instruments:
            yield product_idx


def _fit(market: Market, product_idx: int) -> Fit:
    pair = Pair.of(market, 0, product_idx)
    cheapest = min(pair.offers(), key=lambda offer: offer.high, default=None)
    return Fit(
        product=pair.product,
        institution=pair.institution,
        offered_fen=pair.offered_fen,
        low=None if cheapest is None else cheapest.low,
        high=None if cheapest is None else cheapest.high,
        cash_date=cash_date(pair),
        missing=tuple(v.missing for v in judge(pair) if v.state is State.UNKNOWN),
    )


def _cheapest(fit: Fit) -> tuple[bool, Decimal, date, str]:
    """Return the place of a product: what costs least, then what pays first; unknown is last."""
    cost, day = fit.high, fit.cash_date
    return cost is None, cost or Decimal(0), day or date.max, fit.product.product_id


def _misfit(market: Market, product_idx: int) -> Misfit:
    pair = Pair.of(market, 0, product_idx)
    verdicts = judge(pair)
    return Misfit(
        product=pair.product,
        institution=pair.institution,
        failing=tuple(v for v in verdicts if v.state is State.FAIL),
        changes=smallest_change(pair),
        missing=tuple(v.missing for v in verdicts if v.state is State.UNKNOWN),
    )


def _distance(misfit: Misfit) -> tuple[bool, int, int, str]:
    """Sort by how little has to change; what cannot be mended comes last."""
    changes = misfit.changes
    num = 0 if changes is None else len(changes)
    return changes is None, num, len(misfit.failing), misfit.product.product_id
