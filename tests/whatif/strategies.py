"""Hypothesis strategies that make scenarios for a market: every kind of change, mostly usable."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

from hypothesis import strategies as st

from matcher.domain.criteria import Criterion
from matcher.domain.expression import parse, unparse
from matcher.domain.institution import Institution, Pool
from matcher.domain.record_attributes import finder
from matcher.planning.floors import GroupFloor
from matcher.scoring.weights import default_weights
from matcher.whatif.changes import (
    AddRecord,
    Ban,
    Change,
    ChangeCriteria,
    CopyNeeds,
    MoveDay,
    MoveDeadlines,
    RemoveRecords,
    ScaleDemand,
    ScaleFields,
    SetFair,
    SetFields,
    SetFloors,
    SetWeights,
    ShiftRates,
)
from matcher.whatif.scenario import Scenario
from matcher.whatif.selection import Selection, one
from matcher.whatif.setting import Setting
from tests.strategies import AS_OF, leaves, markets, money

IDS = {"needs": "need_id", "products": "product_id", "institutions": "institution_id",
       "pools": "pool_id", "policies": "policy_id", "enterprises": "enterprise_id"}  # fmt: skip
factors = st.sampled_from([Decimal("0.5"), Decimal("1.25"), Decimal("2"), Decimal("0.3333")])
_RULES = {
    "products": ["instrument = loan", "leads >= 1", "kind = bank and rate <= 10%"],
    "institutions": ["kind = bank", "region in 33", "not leads <= 1"],
    "pools": ["unit = fen", "revolving = yes"],
    "policies": ["benefit = fee_cut", "id in G0, G1"],
    "needs": ["amount >= 100", "region in 33 or size = micro"],
    "enterprises": ["industry in C", "staff >= 3"],
}


@cache
def rule(table: str) -> st.SearchStrategy[Criterion]:
    """Return a rule about records of a table."""
    return st.sampled_from([parse(words, finder(table)) for words in _RULES[table]])


def selections(setting: Setting, table: str) -> st.SearchStrategy[Selection]:
    """Return selections of a table: by id, by rule, or all."""
    ids = [getattr(r, IDS[table]) for r in getattr(setting.market.records, table)]
    ways = [rule(table).map(lambda r: Selection(where=r)), st.just(Selection(every=True))]
    if ids:
        named = st.lists(st.sampled_from(ids), min_size=1, max_size=2, unique=True)
        ways.append(named.map(lambda found: Selection(ids=tuple(found))))
    return st.one_of(*ways)


def changes(setting: Setting) -> st.SearchStrategy[Change]:
    """Return changes of every kind that have something to be about."""
    return st.one_of(_of_records(setting), _of_offers(setting), _of_needs(setting), _of_aims())


def _of_records(setting: Setting) -> st.SearchStrategy[Change]:
    tables = st.sampled_from(["needs", "products", "institutions", "pools", "policies"])
    removed = tables.flatmap(
        lambda t: selections(setting, t).map(lambda s: RemoveRecords(table=t, records=s))
    )
    pools = [
        Pool(pool_id="new-pool", name="新资金池", capacity=5),
        Institution(institution_id="new-bank", name="新银行"),
    ]
    added = st.sampled_from(pools).map(
        lambda r: AddRecord(table="pools" if isinstance(r, Pool) else "institutions", record=r)
    )
    counts = st.tuples(selections(setting, "institutions"), st.integers(0, 5)).map(
        lambda v: SetFields(table="institutions", records=v[0], values=(("leads", v[1]),))
    )
    cleared = selections(setting, "products").map(
        lambda s: SetFields(table="products", records=s, clear=("quota_fen", "leads"))
    )
    capacities = st.tuples(selections(setting, "pools"), money(2000)).map(
        lambda v: SetFields(table="pools", records=v[0], values=(("capacity", v[1]),))
    )
    scaled = st.tuples(selections(setting, "pools"), factors).map(
        lambda v: ScaleFields(table="pools", records=v[0], fields=("capacity",), factor=v[1])
    )
    return st.one_of(removed, added, counts, cleared, capacities, scaled)


def _can_be_written(rule: Criterion) -> bool:
    try:
        return parse(unparse(rule)) == rule
    except ValueError:
        return False


def _of_offers(setting: Setting) -> st.SearchStrategy[Change]:
    products = selections(setting, "products")
    shifted = st.tuples(products, st.sampled_from([-50, 25])).map(
        lambda v: ShiftRates(records=v[0], basis_points=v[1])
    )
    ruled = st.tuples(products, leaves().filter(_can_be_written)).map(
        lambda v: ChangeCriteria(table="products", records=v[0], add=(v[1],))
    )
    freed = products.map(lambda s: ChangeCriteria(table="products", records=s, drop_all=True))
    return st.one_of(shifted, ruled, freed)


def _of_needs(setting: Setting) -> st.SearchStrategy[Change]:
    needs = selections(setting, "needs")
    moved = st.tuples(needs, st.integers(-3, 20)).map(
        lambda v: MoveDeadlines(records=v[0], days=v[1])
    )
    grown = st.tuples(needs, factors).map(lambda v: ScaleDemand(records=v[0], factor=v[1]))
    copied = st.tuples(needs, st.integers(1, 2)).map(lambda v: CopyNeeds(records=v[0], copies=v[1]))
    banned = st.tuples(needs, selections(setting, "products")).map(
        lambda v: Ban(needs=v[0], products=v[1])
    )
    return st.one_of(moved, grown, copied, banned)


def _of_aims() -> st.SearchStrategy[Change]:
    names = st.sampled_from(["cost", "public", "time", "cost_ceiling"])
    weights = st.tuples(names, st.sampled_from([Decimal("0.5"), Decimal(1)])).map(
        lambda v: SetWeights(values=(v,))
    )
    floors = st.tuples(st.sampled_from([Decimal("0.5"), Decimal(1)]), st.booleans()).map(
        lambda v: SetFloors(floors=(GroupFloor(share=v[0], penalty=2.0),), only=v[1])
    )
    fair = st.sampled_from(["size", "priority", "institution", "none"]).map(
        lambda by: SetFair(by=by)
    )
    return st.one_of(weights, floors, fair, st.just(MoveDay(to=AS_OF.replace(day=26))))


@st.composite
def asked(draw: st.DrawFn, most: int = 4) -> tuple[Setting, Scenario]:
    """Draw a setting and a scenario for it; some of its changes may not be possible."""
    setting = Setting(draw(markets()), default_weights())
    found = draw(st.lists(changes(setting), min_size=1, max_size=most))
    return setting, Scenario("generated", tuple(found))


def usable(setting: Setting, scenario: Scenario) -> Scenario:
    """Return the scenario without the changes that are refused where they stand."""
    from matcher.domain.errors import InputError

    kept: tuple[Change, ...] = ()
    for change in scenario.changes:
        try:
            Scenario("", (*kept, change)).apply(setting)
        except InputError:
            continue
        kept += (change,)
    return Scenario(scenario.name, kept)


def pool_capacity(identity: str, capacity: int) -> SetFields:
    """Return the change that sets a pool's capacity."""
    return SetFields(table="pools", records=one(identity), values=(("capacity", capacity),))
