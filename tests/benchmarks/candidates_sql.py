"""The candidates of the benchmark's market in DuckDB's SQL."""

from __future__ import annotations

from matcher.scoring.weights import Weights
from tests.benchmarks.candidates_tables import BOUNDS, pair_weights


def pairs_sql(kinds: list[int]) -> str:
    """Return the query of all eligible pairs with what their score depends on."""
    cover = " + ".join(["o.unsecured", *(f"n.pledge_{k} * o.advance_{k} // 10000" for k in kinds)])
    required = "greatest(n.least, o.amount_min)"
    bounds = " AND ".join(
        f"n.{name}_low >= o.ask_{name}_low AND n.{name}_high <= o.ask_{name}_high"
        for name in BOUNDS
    )
    liked_bounds = " + ".join(
        f"2 * (n.{name}_high >= o.like_{name}_low AND n.{name}_low <= o.like_{name}_high)::INT"
        for name in BOUNDS
    )
    near = """CASE WHEN n.region_known = 0 OR o.region_known = 0 THEN 0.5
        WHEN n.region_6 >= 0 AND n.region_6 = o.region_6 THEN 1.0
        WHEN n.region_4 >= 0 AND n.region_4 = o.region_4 THEN 0.75
        WHEN n.region_2 = o.region_2 THEN 0.5 ELSE 0.25 END"""
    within = "least(n.amount, o.amount_max)"
    return f"""
    SELECT n.need, o.product, n.base, n.standing, n.amount, n.max_cost, n.span, n.pledge_known,
      {near} AS near, n.banks, n.banks_known, n.wish, o.institution_bit, o.sector,
      o.repayment, o.secured, o.days, o.low, o.high, o.num_states, o.num_wishes, o.quoted,
      CASE WHEN o.secured = 1 AND n.pledge_known = 1 THEN least({within}, {cover})
           ELSE {within} END AS offered,
      o.term_unknown + (n.has_deadline = 1 AND o.days < 0)::INT
        + (n.limited = 1 AND (o.quoted = 0 OR (o.high > n.most AND o.low <= n.most)))::INT
        + (o.secured = 1 AND n.pledge_known = 0 AND {required} > o.unsecured)::INT
        + bit_count(n.unknown & o.ask_asked)
        + (((n.reach_0 & o.ask_sure_0) | (n.reach_1 & o.ask_sure_1)) = 0)::INT AS unsure,
      2 * bit_count(n.bits & o.like_bits) + bit_count(n.unknown & o.like_asked)
        + (((n.reach_0 & o.like_reach_0) | (n.reach_1 & o.like_reach_1)) <> 0)::INT
        + (((n.reach_0 & o.like_sure_0) | (n.reach_1 & o.like_sure_1)) <> 0)::INT
        + 2 * ((n.tags & o.like_tags) <> 0)::INT + {liked_bounds} AS liked
    FROM needs n, offers o
    WHERE n.class = o.class
      AND (n.bits & o.ask_bits) = n.bits
      AND (n.instruments & o.instrument_bit) <> 0
      AND ((n.reach_0 & o.ask_reach_0) | (n.reach_1 & o.ask_reach_1)) <> 0
      AND (n.tags & o.ask_tags) <> 0
      AND n.amount >= o.amount_min AND n.least <= o.amount_max
      AND n.days_left >= o.days_test
      AND (n.may_see & o.institution_bit) <> 0
      AND {bounds}
      AND (n.limited = 0 OR o.quoted = 0 OR o.low <= n.most)
      AND (o.secured = 0 OR n.pledge_known = 0 OR {required} <= o.unsecured
           OR {cover} >= {required})
    """


def score_sql(weights: Weights) -> str:
    """Return the score of a pair: features in single precision, the sum in double."""
    w = pair_weights(weights)
    return " + ".join(
        [
            "base",
            f"{w['sector']!r} * sector",
            f"{w['region']!r} * near",
            f"""{w["relationship"]!r} * (CASE WHEN banks_known = 0 THEN 0.5
                 WHEN (banks & institution_bit) <> 0 THEN 1 ELSE 0 END)""",
            f"""{w["repayment"]!r} * (CASE WHEN wish = 0 OR (wish & repayment) <> 0 THEN 1
                 ELSE 0 END)""",
            f"{w['amount']!r} * (offered / amount)::FLOAT",
            f"""{w["collateral"]!r} * (CASE WHEN secured = 0 THEN 1 WHEN pledge_known = 1
                 THEN (offered / amount)::FLOAT ELSE 0.5 END)""",
            f"""{w["cost"]!r} * (CASE WHEN quoted = 0 OR offered = 0 THEN 0 ELSE
                 greatest(0, least(1, 1 - (low + high) / 2 / max_cost)) END)::FLOAT""",
            f"""{w["time"]!r} * (CASE WHEN days < 0 THEN 0 ELSE
                 greatest(0, least(1, 1 - days / span)) END)::FLOAT""",
            f"""{w["appetite"]!r} * (CASE WHEN num_wishes = 0 THEN 0.5 ELSE
                 liked / num_wishes / 2 END)::FLOAT""",
            f"""{w["approval"]!r} * (((num_states - unsure) / num_states)::FLOAT * standing)
                 ::FLOAT""",
        ]
    )


def best_sql(weights: Weights, kinds: list[int], best: int) -> str:
    """Return the query of the best candidates of each need."""
    return f"""
    SELECT need, product, score::FLOAT AS score FROM (
      SELECT need, product, {score_sql(weights)} AS score
      FROM ({pairs_sql(kinds)})
    ) QUALIFY row_number() OVER (PARTITION BY need ORDER BY score DESC) <= {best}
    """
