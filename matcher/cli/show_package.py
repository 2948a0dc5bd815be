"""Packages, the policies claimed with them, and what they cost, in words and as JSON values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from rich.table import Table

from matcher.cli.output import Output, text_document
from matcher.cli.tables import add_row, joined, new_table
from matcher.domain.institution import Institution, Product
from matcher.domain.money import money_text, rate_text
from matcher.domain.policy import Policy
from matcher.domain.text import Text
from matcher.scoring.pair import Offer, Pair, Part

PER_CENT = Decimal("0.0001")
Supports = Iterable[tuple[Policy, int]]
"""Policies with the most that each pays, in fen."""


def package_text(institution: Institution, product: Product, companions: Sequence[Part]) -> Text:
    """Name a product and all that goes with it: lead + guarantee + …."""
    template = Text("{i} · {p}", "{i} · {p}")
    parts = [(institution, product), *((c.institution, c.product) for c in companions)]
    return Text.join([template.format(i=i.text, p=p.text) for i, p in parts], zh=" + ", en=" + ")


def supports_text(supports: Supports) -> Text:
    """Name policies with what each pays over the term."""
    template = Text("{p} {m}", "{p} {m}")
    return joined(template.format(p=p.text, m=money_text(fen)) for p, fen in supports)


def cost_text(low: Decimal | None, high: Decimal | None) -> Text:
    """Return a range of yearly costs in percent."""
    if low is None or high is None:
        return Text("未报价", "not quoted")
    ends = [rate_text(rate.quantize(PER_CENT)) for rate in (low, high)]
    return ends[0] if low == high else Text.join(ends, zh="–", en="–")


# --- one pair ---------------------------------------------------------------------------------


def offers_of(pair: Pair) -> list[Offer]:
    """Return the offer without any policy, then those worth a choice, the cheapest first."""
    plain = pair.plain
    if plain is None:
        return []
    others = sorted(pair.offers(), key=lambda o: round(o.low + o.high, 12))
    return [plain, *(offer for offer in others if offer.claims)]


def costs_table(output: Output, pair: Pair) -> Table:
    """Return what a package costs without policies and with each choice of them."""
    table = new_table(
        output,
        Text("综合年成本（按 {m}）", "All-in yearly cost (of {m})").format(
            m=money_text(pair.offered_fen)
        ),
        Text("政策", "policies"),
        Text("综合年成本", "cost"),
        Text("预算", "budget"),
    )
    best = pair.best
    for offer in offers_of(pair):
        named = Text("不计政策", "without any")
        if offer.claims:
            named = supports_text(zip(offer.claims, offer.support_fen, strict=True))
        budgets = [Text.same(p.pool_id) for p in offer.claims if p.pool_id is not None]
        is_best = best is not None and offer.claims == best.claims
        cells = (named, cost_text(offer.low, offer.high), joined(budgets))
        add_row(output, table, cells, style="bold green" if is_best else None)
    return table


def unknown_cost(pair: Pair) -> Text | None:
    """Say why the cost is not known; None where it is."""
    if pair.plain is not None:
        return None
    unquoted = [p for p in pair.products if p.rate is None]
    if not unquoted:
        return Text("可得金额为零，无法计算成本", "nothing could be given, so there is no cost")
    names = [
        Text("{p}（LPR 加点，需 --lpr）", "{p} (quoted from LPR: give --lpr)").format(p=p.text)
        if p.lpr is not None
        else p.text
        for p in unquoted
    ]
    told = Text("成本未知，未报利率：{n}", "the cost is not known; no rate quoted: {n}")
    return told.format(n=Text.join(names))


# --- JSON -------------------------------------------------------------------------------------


def companions_document(companions: Iterable[Part]) -> list[dict[str, Any]]:
    """Return the products that go with a leading one as JSON values."""
    return [
        {
            "product": part.product.product_id,
            "institution": part.institution.institution_id,
            "approval_follows": part.product.approval_follows,
        }
        for part in companions
    ]


def offers_document(pair: Pair) -> list[dict[str, Any]]:
    """Return every offer of a pair as JSON values, the one without policies first."""
    return [
        {
            "claims": list(_claims(offer)),
            "all_in_low": format(offer.low.normalize(), "f"),
            "all_in_high": format(offer.high.normalize(), "f"),
        }
        for offer in offers_of(pair)
    ]


def _claims(offer: Offer) -> Iterator[dict[str, Any]]:
    for policy, fen in zip(offer.claims, offer.support_fen, strict=True):
        yield {
            "policy": policy.policy_id,
            "name": text_document(policy.text),
            "benefit": policy.benefit.value,
            "support_fen": fen,
            "pool": policy.pool_id,
        }
