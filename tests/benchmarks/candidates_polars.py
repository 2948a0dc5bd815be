"""The candidates of the benchmark's market in Polars' expressions."""

from __future__ import annotations

import numpy as np
import polars as pl

from matcher.scoring.weights import Weights
from tests.benchmarks.candidates_tables import BOUNDS, pair_weights

BLOCK = 500
"""Needs paired at once, some 350,000 pairs: the fastest of 500, 2,000 and 8,000."""

FIRST = ("bits", "reach_0", "reach_1", "tags", "instruments", "may_see", "days_left")
FIRST_OFFER = (
    "ask_bits",
    "ask_reach_0",
    "ask_reach_1",
    "ask_tags",
    "instrument_bit",
    "institution_bit",
    "days_test",
)


def find_best(
    needs: pl.DataFrame, offers: pl.DataFrame, weights: Weights, kinds: list[int], best: int
) -> pl.DataFrame:
    """Return need, product and score of the best candidates of each need, block by block."""
    offers = offers.with_row_index("o")
    few = offers.select("o", "class", *FIRST_OFFER)
    blocks = [
        _best_of(needs.slice(lo, BLOCK).with_row_index("n"), offers, few, weights, kinds, best)
        for lo in range(0, len(needs), BLOCK)
    ]
    return pl.concat(blocks)


def _best_of(
    needs: pl.DataFrame,
    offers: pl.DataFrame,
    few: pl.DataFrame,
    weights: Weights,
    kinds: list[int],
    best: int,
) -> pl.DataFrame:
    """Pair few columns, filter, and only then fetch all that the rest reads."""
    pairs = (
        needs.lazy()
        .select("n", "class", *FIRST)
        .join(few.lazy(), on="class")
        .filter(*_first_filters())
        .select("n", "o")
        .collect()
    )
    wide = pl.concat(
        [
            needs.select(pl.all().gather(pairs["n"])).drop("class", "n"),
            offers.select(pl.all().gather(pairs["o"]).name.prefix("o_")).drop("o_class"),
        ],
        how="horizontal",
    )
    return (
        wide.lazy()
        .filter(*_filters(kinds))
        .with_columns(**_measures(kinds))
        .select("need", pl.col("o_product").alias("product"), _score(weights))
        .filter(pl.col("score").rank("ordinal", descending=True).over("need") <= best)
        .collect()
    )


def _first_filters() -> list[pl.Expr]:
    c = pl.col
    reach = (c("reach_0") & c("ask_reach_0")) | (c("reach_1") & c("ask_reach_1"))
    return [
        (c("bits") & c("ask_bits")) == c("bits"),
        reach != 0,
        (c("tags") & c("ask_tags")) != 0,
        (c("instruments") & c("instrument_bit")) != 0,
        (c("may_see") & c("institution_bit")) != 0,
        c("days_left") >= c("days_test"),
    ]


def _cover(kinds: list[int]) -> pl.Expr:
    parts = [pl.col(f"pledge_{k}") * pl.col(f"o_advance_{k}") // 10_000 for k in kinds]
    return sum(parts, pl.col("o_unsecured"))


def _required() -> pl.Expr:
    return pl.max_horizontal("least", "o_amount_min")


def _filters(kinds: list[int]) -> list[pl.Expr]:
    c = pl.col
    bounds = [
        (c(f"{name}_low") >= c(f"o_ask_{name}_low"))
        & (c(f"{name}_high") <= c(f"o_ask_{name}_high"))
        for name in BOUNDS
    ]
    covered = _cover(kinds) >= _required()
    free = (c("o_secured") == 0) | (c("pledge_known") == 0) | (_required() <= c("o_unsecured"))
    return [
        c("amount") >= c("o_amount_min"),
        c("least") <= c("o_amount_max"),
        *bounds,
        (c("limited") == 0) | (c("o_quoted") == 0) | (c("o_low") <= c("most")),
        free | covered,
    ]


def _measures(kinds: list[int]) -> dict[str, pl.Expr]:
    """Return what is offered, how many rules are undecided, and how far preferences hold."""
    c = pl.col
    within = pl.min_horizontal("amount", "o_amount_max")
    pledged = (c("o_secured") == 1) & (c("pledge_known") == 1)
    unclear = (c("o_quoted") == 0) | (c("o_high") > c("most"))
    sure = (c("reach_0") & c("o_ask_sure_0")) | (c("reach_1") & c("o_ask_sure_1"))
    unsure = (
        c("o_term_unknown").cast(pl.Int64)
        + ((c("has_deadline") == 1) & (c("o_days") < 0))
        + ((c("limited") == 1) & unclear)
        + ((c("o_secured") == 1) & (c("pledge_known") == 0) & (_required() > c("o_unsecured")))
        + (c("unknown") & c("o_ask_asked")).bitwise_count_ones()
        + (sure == 0)
    )
    near = (c("reach_0") & c("o_like_reach_0")) | (c("reach_1") & c("o_like_reach_1"))
    there = (c("reach_0") & c("o_like_sure_0")) | (c("reach_1") & c("o_like_sure_1"))
    liked = (
        2 * (c("bits") & c("o_like_bits")).bitwise_count_ones().cast(pl.Int64)
        + (c("unknown") & c("o_like_asked")).bitwise_count_ones()
        + (near != 0)
        + (there != 0)
        + 2 * ((c("tags") & c("o_like_tags")) != 0).cast(pl.Int64)
    )
    for name in BOUNDS:
        inside = (c(f"{name}_high") >= c(f"o_like_{name}_low")) & (
            c(f"{name}_low") <= c(f"o_like_{name}_high")
        )
        liked = liked + 2 * inside.cast(pl.Int64)
    given = pl.when(pledged).then(pl.min_horizontal(within, _cover(kinds))).otherwise(within)
    return {"offered": given, "unsure": unsure, "liked": liked}


def _single(value: pl.Expr) -> pl.Expr:
    """Round as the features are shown."""
    return value.cast(pl.Float32).cast(pl.Float64)


def _score(weights: Weights) -> pl.Expr:
    c, w = pl.col, pair_weights(weights)
    known = (c("region_known") == 1) & (c("o_region_known") == 1)
    same = {
        d: (c(f"region_{d}") >= 0) & (c(f"region_{d}") == c(f"o_region_{d}")) for d in (2, 4, 6)
    }
    near = (
        pl.when(~known).then(0.5).when(same[6]).then(1.0).when(same[4]).then(0.75)
        .when(same[2]).then(0.5).otherwise(0.25)
    )  # fmt: skip
    works = (c("banks") & c("o_institution_bit")) != 0
    relation = pl.when(c("banks_known") == 0).then(0.5).otherwise(works.cast(pl.Float64))
    fits = (c("wish") == 0) | ((c("wish") & c("o_repayment")) != 0)
    share = _single(c("offered") / c("amount"))
    covered = pl.when(c("pledge_known") == 1).then(share).otherwise(0.5)
    quoted = (c("o_quoted") == 1) & (c("offered") > 0)
    cheap = (1 - (c("o_low") + c("o_high")) / 2 / c("max_cost")).clip(0, 1)
    quick = (1 - c("o_days") / c("span")).clip(0, 1)
    held = pl.when(c("o_num_wishes") == 0).then(0.5).otherwise(c("liked") / c("o_num_wishes") / 2)
    certain = _single((c("o_num_states") - c("unsure")) / c("o_num_states"))
    terms = {
        "sector": c("o_sector"),
        "region": near,
        "relationship": relation,
        "repayment": fits.cast(pl.Float64),
        "amount": share,
        "collateral": pl.when(c("o_secured") == 0).then(1.0).otherwise(covered),
        "cost": pl.when(quoted).then(_single(cheap)).otherwise(0.0),
        "time": pl.when(c("o_days") < 0).then(0.0).otherwise(_single(quick)),
        "appetite": _single(held),
        "approval": _single(certain * c("standing")),
    }
    total = sum((w[name] * term for name, term in terms.items()), c("base"))
    return total.cast(pl.Float32).alias("score")


def frame(table: dict[str, np.ndarray]) -> pl.DataFrame:
    """Return a table as a data frame."""
    return pl.DataFrame(table)
