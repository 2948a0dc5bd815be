"""Which products fit one need as the market stands, and what keeps the others from it.

The one judge of "why not": the pages of firms and the API both say what it says, of the same day.

Only the need that is asked about is read, beside the catalogue: what other firms want plays no
part, and places that are left play none either.
"""

from __future__ import annotations

from bisect import insort
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from threading import Lock
from uuid import UUID

from sqlmodel import Session, col, select

from matcher.domain.criteria import State, Verdict
from matcher.domain.institution import Institution, Product
from matcher.domain.records import Records
from matcher.domain.text import Text
from matcher.market import Market
from matcher.planning.urgent import cash_date
from matcher.scoring.change import Change
from matcher.scoring.eligibility import Eligibility
from matcher.scoring.mending import judge, smallest_change
from matcher.scoring.pair import Pair
from matcher.services.records.loading import given_keys, market_day
from matcher.services.records.parsed import all_records
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

    A catalogue of 500 products takes half a second to read, and a page is looked at more than once.
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
    accepted = list(_accepted(market))
    fitting, nearest = sort_out(Eligibility(market), accepted, most)
    fits = [_fit(market, product_idx) for product_idx in fitting]
    others = [_misfit(market, product_idx) for product_idx in nearest]
    return Fitting(
        fits=tuple(sorted(fits, key=_cheapest)),
        others=tuple(sorted(others, key=_distance)),
        num_others=len(accepted) - len(fits),
    )


def sort_out(
    eligibility: Eligibility, products: Iterable[int], most: int
) -> tuple[list[int], list[int]]:
    """Return the products that fit the one need, and of the others those that fail fewest rules.

    What an offer costs takes longer to know than all else, so it is not asked where a product
    fails too much already.
    """
    blocks = {product_idx: eligibility.block(product_idx) for product_idx in products}
    fails = {k: int(eligibility.num_failed_besides_cost(b)[0]) for k, b in blocks.items()}
    fits, others = list[int](), list[tuple[int, int]]()
    for least, product_idx in sorted((failed, k) for k, failed in fails.items()):
        if least and len(others) >= most > 0 and others[most - 1] <= (least, product_idx):
            break
        failed = least + int(eligibility.fails_cost(blocks[product_idx])[0])
        if failed:
            insort(others, (failed, product_idx))
        else:
            fits.append(product_idx)
    return fits, [product_idx for _, product_idx in others[:most]]


def day_of(session: Session, need: NeedRow, today: date) -> date:
    """Return the day on which a need is judged: today, or the round's day if it was due before."""
    is_past = need.needed_by is not None and need.needed_by < today
    return (market_day(session) or today) if is_past else today


def market_of_need(session: Session, need: NeedRow, day: date) -> Market:
    """Return the live market with one need in it and no other."""
    firm = session.scalars(
        select(EnterpriseRow.document).where(col(EnterpriseRow.id) == need.enterprise_id)
    ).one()
    names = [table.name for table in TABLE_ROWS if table.name not in _OF_FIRMS]
    read = {name: all_records(session, name) for name in names}
    (asked,) = read_documents("needs", [need.document])
    consents = given_keys(session, need.id)
    asked = replace(asked, consent=consents.get(need.key, asked.consent))
    records = Records(**read, enterprises=read_documents("enterprises", [firm]), needs=(asked,))
    return make_round(records, day).market


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
