"""Whether the terms meet: amount, term, time to cash, cost, collateral."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from matcher.domain.criteria import State, Verdict
from matcher.domain.institution import BASIS_POINTS
from matcher.domain.moments import day_text
from matcher.domain.money import money_text, rate_text
from matcher.domain.text import Text
from matcher.scoring.block import Block
from matcher.scoring.change import Change
from matcher.scoring.columns import FAIL, PASS, UNKNOWN, States, three_valued
from matcher.scoring.conditions.base import Condition, decided
from matcher.scoring.pair import Pair

RATE_TOLERANCE = Decimal("1e-9")
"""Rates are compared with this slack, wider than the float error of the column reading."""


class AmountFits(Condition):
    """The product gives at least what helps, and the firm asks for at least its minimum."""

    label = Text("融资金额", "amount")

    def judge(self, pair: Pair) -> Verdict:
        least, most = pair.product.amount_min_fen, pair.product.amount_max_fen
        holds = pair.need.amount_fen >= (least or 0) and pair.within_limits_fen >= (
            pair.need.least_fen
        )
        low = Text.same("0") if least is None else money_text(least)
        high = Text("不限", "no limit") if most is None else money_text(most)
        asked = Text("{l} – {h}", "{l} – {h}").format(l=low, h=high)
        return self.verdict(decided(holds), self._found(pair), asked)

    def _found(self, pair: Pair) -> Text:
        wanted, least = money_text(pair.need.amount_fen), money_text(pair.need.least_fen)
        if pair.need.least_fen == pair.need.amount_fen:
            return wanted
        template = Text("{w}（至少 {l}）", "{w} (at least {l})")
        return template.format(w=wanted, l=least)

    def column(self, block: Block) -> States:
        needs, products = block.market.need_columns, block.market.product_columns
        enough = needs.amount_fen >= products.amount_min_fen[block.product_idx]
        helps = needs.least_fen <= products.amount_max_fen[block.product_idx]
        return np.where(enough & helps, PASS, FAIL)

    def mend(self, pair: Pair) -> Change | None:
        least, most = pair.product.amount_min_fen or 0, pair.product.amount_max_fen
        if pair.need.amount_fen < least:
            text = Text("申请金额提高到 {m}", "ask for {m}").format(m=money_text(least))
            return Change("amount_fen", least, text)
        if not most:
            return None
        text = Text("接受不低于 {m} 的金额", "accept an amount of {m}").format(m=money_text(most))
        return Change("amount_min_fen", most, text)


class TermFits(Condition):
    """The term lies within the product's."""

    label = Text("期限", "term")

    def judge(self, pair: Pair) -> Verdict:
        low, high = pair.product.term_min_months, pair.product.term_max_months
        term = pair.need.months
        high_text = Text("不限", "no limit") if high is None else Text.same(high)
        asked = Text("{l} – {h} 个月", "{l} – {h} months").format(l=low or 0, h=high_text)
        if term is None:
            limited = bool(low) or high is not None
            return self.verdict(State.UNKNOWN if limited else State.PASS, None, asked)
        holds = (low or 0) <= term and (high is None or term <= high)
        return self.verdict(decided(holds), Text(f"{term} 个月", f"{term} months"), asked)

    def column(self, block: Block) -> States:
        needs, products = block.market.need_columns, block.market.product_columns
        low, high = (
            products.term_min_months[block.product_idx],
            products.term_max_months[block.product_idx],
        )
        holds = (needs.term_months >= low) & (needs.term_months <= high)
        unlimited = not low and block.product.term_max_months is None
        return np.where(unlimited, PASS, three_valued(holds, needs.term_known))

    def mend(self, pair: Pair) -> Change | None:
        term, low = pair.need.months or 0, pair.product.term_min_months or 0
        high = pair.product.term_max_months
        target = low if term < low else high
        if not target:
            return None
        text = Text(f"期限改为 {target} 个月", f"change the term to {target} months")
        return Change("term_months", target, text)


_WITHIN = Text("{d}前（{n} 个工作日内）", "by {d} (within {n} workdays)")
_PASSED = Text("{d}前（已过 {n} 个工作日）", "by {d} ({n} workdays ago)")


class InTime(Condition):
    """The money is in the account on or before the deadline, counted in workdays."""

    label = Text("到账时间", "time to cash")

    def judge(self, pair: Pair) -> Verdict:
        left, days, needed_by = pair.workdays_left, pair.cash_workdays, pair.need.needed_by
        if left is None or needed_by is None:
            return self.verdict(State.PASS, None, Text("无期限要求", "no deadline"))
        day = day_text(needed_by)
        asked = (_WITHIN if left >= 0 else _PASSED).format(d=day, n=abs(left))
        if days is None:
            return self.verdict(State.UNKNOWN, None, asked)
        late = days - left
        found = Text(f"{days} 个工作日", f"{days} workdays")
        if late > 0:
            found = Text(f"{days} 个工作日，晚 {late} 个工作日", f"too slow by {late} workdays")
        return self.verdict(decided(late <= 0), found, asked)

    def column(self, block: Block) -> States:
        needs = block.market.need_columns
        days = block.cash_workdays
        in_time = UNKNOWN if days < 0 else np.where(days <= needs.workdays_left, PASS, FAIL)
        return np.where(needs.deadline_known, in_time, PASS)

    def mend(self, pair: Pair) -> Change | None:
        days = pair.cash_workdays
        if days is None:
            return None
        day = pair.calendar.after(pair.subject.as_of, days)
        text = Text("资金需求日推迟到 {d}", "need the money by {d} instead")
        return Change("needed_by", day, text.format(d=day_text(day)))


class CostAccepted(Condition):
    """The all-in yearly cost, with the support it qualifies for, is within what it accepts."""

    label = Text("综合融资成本", "all-in cost")

    def judge(self, pair: Pair) -> Verdict:
        most, low, high = pair.need.max_rate, pair.all_in_low, pair.all_in_high
        if most is None:
            return self.verdict(State.PASS, None, Text("无上限要求", "no limit named"))
        asked = Text("不高于 {r}", "at most {r}").format(r=rate_text(most))
        if low is None or high is None:
            return self.verdict(State.UNKNOWN, None, asked)
        shown = [
            rate_text(low.quantize(Decimal("1e-6"))),
            rate_text(high.quantize(Decimal("1e-6"))),
        ]
        found = Text.join(shown[: 1 if low == high else 2], zh=" – ", en=" – ")
        if high <= most + RATE_TOLERANCE:
            return self.verdict(State.PASS, found, asked)
        within_reach = low <= most + RATE_TOLERANCE
        return self.verdict(State.UNKNOWN if within_reach else State.FAIL, found, asked)

    def column(self, block: Block) -> States:
        return cost_states(block, *block.offers.best_range)

    def mend(self, pair: Pair) -> Change | None:
        low = pair.all_in_low
        if low is None:
            return None
        target = low.quantize(Decimal("1e-4"), rounding="ROUND_CEILING")
        text = Text("可接受成本提高到 {r}", "accept a cost of {r}").format(r=rate_text(target))
        return Change("max_rate", target, text)


def cost_states(
    block: Block, low: NDArray[np.float64], high: NDArray[np.float64]
) -> NDArray[np.int8]:
    """Return the (…, N) states of costs from ``low`` to ``high`` beside what each firm accepts."""
    most = block.market.need_columns.max_rate + float(RATE_TOLERANCE)
    reach = np.where(low <= most, UNKNOWN, FAIL)
    known = np.where(high <= most, PASS, reach)
    quoted = np.where(np.isnan(low) | np.isnan(high), UNKNOWN, known)
    return np.where(np.isnan(most), PASS, quoted).astype(np.int8)


class Covered(Condition):
    """The collateral offered covers at least the amount that helps."""

    label = Text("押品", "collateral")

    def judge(self, pair: Pair) -> Verdict:
        if not pair.product.collateral:
            return self.verdict(State.PASS, None, Text("不要求", "none asked"))
        asked = self._asked(pair)
        if self._required_fen(pair) <= pair.product.unsecured_fen:
            return self.verdict(State.PASS, None, asked)
        cover = pair.cover_fen
        if cover is None:
            return self.verdict(State.UNKNOWN, None, asked)
        found = Text("可覆盖 {c}", "covers {c}").format(c=money_text(cover))
        return self.verdict(decided(cover >= self._required_fen(pair)), found, asked)

    def _required_fen(self, pair: Pair) -> int:
        """Return the least that must be covered, or be free of collateral, in fen."""
        return max(pair.need.least_fen, pair.product.amount_min_fen or 0)

    def _asked(self, pair: Pair) -> Text:
        kinds = [
            Text("{k} {r}", "{k} at {r}").format(k=kind.text, r=rate_text(rate))
            for kind, rate in pair.product.collateral
        ]
        amount = money_text(self._required_fen(pair))
        template = Text("覆盖 {m}（{k}）", "cover of {m} ({k})")
        return template.format(m=amount, k=Text.join(kinds))

    def column(self, block: Block) -> States:
        needs, products = block.market.need_columns, block.market.product_columns
        if not products.is_secured[block.product_idx]:
            return np.full(block.market.num_needs, PASS)
        required = np.maximum(needs.least_fen, products.amount_min_fen[block.product_idx])
        covered = three_valued(block.cover_fen >= required, needs.collateral_known)
        return np.where(required <= products.unsecured_fen[block.product_idx], PASS, covered)

    def mend(self, pair: Pair) -> Change | None:
        advances = [(rate, kind) for kind, rate in pair.product.collateral if rate > 0]
        if not advances:
            return None
        rate, kind = max(advances, key=lambda a: (a[0], a[1]))
        offered = dict(pair.need.collateral or ())
        short = self._required_fen(pair) - (pair.cover_fen or 0)
        more = -(-short * BASIS_POINTS // int(rate * BASIS_POINTS))
        # Each kind is rounded down by itself, so two values can lose a fen that one would not.
        offered[kind] = offered.get(kind, 0) + more
        changed = replace(pair.need, collateral=tuple(sorted(offered.items())))
        if pair.product.unsecured_fen + pair.product.cover_fen(changed.collateral or ()) < (
            self._required_fen(pair)
        ):
            offered[kind] += 1
        text = Text("增加价值 {m} 的{k}", "offer {k} worth {m} more").format(
            m=money_text(more), k=kind.text
        )
        return Change("collateral", tuple(sorted(offered.items())), text)
