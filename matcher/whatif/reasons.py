"""Why a match came or went: read from rules, limits, prices and scores of both plans."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from matcher.domain.money import money_text, rate_text
from matcher.domain.text import Text
from matcher.planning.plan import Match
from matcher.planning.pools import PoolRow
from matcher.planning.unmatched import price_text
from matcher.whatif.side import PairKey, Side
from matcher.whatif.warm import RowKey, claims_of

MOST_NAMED = 3
_TELLING = 5e-7
"""Half of the last place of a score."""


_WAS_BANNED, _IS_BANNED = Text("原先被禁止", "it was banned"), Text("被禁止", "it is banned")


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason why a match is in one plan and not in the other.

    Parameters
    ----------
    kind
        ``gone``, ``new``, ``rule``, ``banned``, ``pinned``, ``room``, ``price``, ``score``,
        ``elsewhere``, ``tie``, or ``terms`` of a match that is in both.
    row
        The limit that it is about, for ``room`` and ``price``.
    """

    kind: str
    text: Text
    row: RowKey | None = None


class Reasons:
    """Finds the reasons of changes between two plans.

    A match of one plan (the side where it is) is not in the other plan. Going from before to
    after it was lost if it is before's, gained if it is after's.
    """

    def __init__(self, before: Side, after: Side) -> None:
        self.before = before
        self.after = after

    def lost(self, pair: PairKey) -> tuple[Reason, ...]:
        """Return why a match of the plan before is not in the plan after."""
        return self._of(pair, here=self.before, there=self.after, is_gain=False)

    def gained(self, pair: PairKey) -> tuple[Reason, ...]:
        """Return why a match of the plan after was not in the plan before."""
        return self._of(pair, here=self.after, there=self.before, is_gain=True)

    def kept(self, pair: PairKey) -> tuple[Reason, ...]:
        """Return what is otherwise about a match of both plans."""
        one, other = self.before.matches[pair], self.after.matches[pair]
        return tuple(_otherwise(one, other))

    def _of(self, pair: PairKey, here: Side, there: Side, is_gain: bool) -> tuple[Reason, ...]:
        absent = _absent(pair, here, there, is_gain)
        if absent is not None:
            return (absent,)
        edge = here.matches[pair].edge
        other = there.edge_like(pair, claims_of(here.graph, edge))
        if other is None:
            return tuple(_rules(pair, here, there, is_gain))
        if is_gain and here.problem.fixed[edge] == 1:
            return (Reason("pinned", Text("方案指定了它", "it is pinned")),)
        if there.problem.fixed[other] == 0:
            told = (
                Text("原先被禁止", "it was banned") if is_gain else Text("被禁止", "it is banned")
            )
            return (Reason("banned", told),)
        found = [
            *self._room(other, here, there, is_gain),
            *_prices(other, edge, here, there, is_gain),
            *_score(other, edge, here, there, is_gain),
        ]
        return tuple(found or self._rest(pair, here, there, is_gain))

    def _room(self, other: int, here: Side, there: Side, is_gain: bool) -> Iterator[Reason]:
        """Yield the limits with too little left for the match in the plan that lacks it."""
        for key, draw in there.draws(other).items():
            left, capacity = there.left(key), there.capacity(key)
            if left is None or capacity is None or draw <= left:
                continue
            row = there.rows[key]
            yield Reason("room", self._room_text(row, key, here, there, is_gain), key)

    def _room_text(self, row: PoolRow, key: RowKey, here: Side, there: Side, is_gain: bool) -> Text:
        left, lacking = there.left(key), there.capacity(key)
        holds = here.capacity(key)
        assert lacking is not None
        if is_gain:
            told = Text("{r}原先只剩 {l}", "{r} had only {l} left")
        else:
            told = Text("{r}现在只剩 {l}", "{r} has only {l} left")
        parts = [told.format(r=row.text, l=row.show(left or 0))]
        old, new = (lacking, holds) if is_gain else (holds, lacking)
        if old != new:
            shown = Text("不限", "no limit")
            parts.append(
                Text("容量 {a} → {b}", "it holds {b} instead of {a}").format(
                    a=shown if old is None else row.show(old),
                    b=shown if new is None else row.show(new),
                )
            )
        parts += self._others(key, is_gain)
        return Text.join(parts, "，", ", ")

    def _others(self, key: RowKey, is_gain: bool) -> list[Text]:
        """Say who gave up room on a row, or who took it."""
        here, there = (self.before, self.after) if is_gain else (self.after, self.before)
        pairs = [pair for pair in here.users(key) if pair not in there.matches]
        if not pairs:
            return []
        firms = dict.fromkeys(here.matches[pair].enterprise.text for pair in pairs[:MOST_NAMED])
        named = Text.join(list(firms))
        told = Text("{n}让出", "{n} gave it up") if is_gain else Text("由{n}占用", "{n} took it")
        return [told.format(n=named)]

    def _rest(self, pair: PairKey, here: Side, there: Side, is_gain: bool) -> Iterator[Reason]:
        """Say what remains: the need is served elsewhere, or it makes no difference."""
        elsewhere = [p for p in there.matches if p[0] == pair[0] and p not in here.matches]
        if elsewhere:
            named = Text.join([there.matches[p].product.text for p in elsewhere])
            told = (
                Text("该需求原先由{p}服务", "the need was served by {p}")
                if is_gain
                else Text("该需求改由{p}服务", "the need is served by {p} instead")
            )
            yield Reason("elsewhere", told.format(p=named))
        else:
            yield Reason(
                "tie",
                Text(
                    "自身的规则、名额、价格和得分都没有变：两种方案的价值几乎相等",
                    "no rule, limit, price or score of its own changed: both are worth nearly "
                    "the same",
                ),
            )


def _otherwise(one: Match, other: Match) -> Iterator[Reason]:
    """Yield what a match costs, gives and takes in time, where that has changed."""
    costs = [_NONE if m.all_in_low is None else rate_text(m.all_in_low) for m in (one, other)]
    days = [_NONE if m.cash_date is None else Text.same(m.cash_date) for m in (one, other)]
    amounts = [money_text(m.offered_fen) for m in (one, other)]
    supports = [money_text(m.support_fen) for m in (one, other)]
    told = Text("{w} {a} → {b}", "{w} {a} → {b}")
    shown = ((_COST, costs), (_AMOUNT, amounts), (_SUPPORT, supports), (_CASH, days))
    for what, (old, new) in shown:
        if old != new:
            yield Reason("terms", told.format(w=what, a=old, b=new))


_NONE = Text.same("–")
_COST, _AMOUNT = Text("综合年化成本", "all-in cost"), Text("金额", "amount")
_SUPPORT, _CASH = Text("政策支持", "support"), Text("到账日", "money there on")


def _absent(pair: PairKey, here: Side, there: Side, is_gain: bool) -> Reason | None:
    """Tell that the other market lacks the need or the product."""
    parts = []
    if pair[0] not in there.needs:
        parts.append(Text("需求 {n}", "the need {n}").format(n=pair[0]))
    if pair[1] not in there.products:
        match = here.matches[pair]
        parts.append(
            Text("{i}的{p}", "{p} of {i}").format(i=match.institution.text, p=match.product.text)
        )
    if not parts:
        return None
    if is_gain:
        told = Text("{w}是新增的", "new: {w}").format(w=Text.join(parts))
        return Reason("new", told)
    return Reason("gone", Text("{w}不再参加", "{w} takes no part").format(w=Text.join(parts)))


def _rules(pair: PairKey, here: Side, there: Side, is_gain: bool) -> Iterator[Reason]:
    """Yield the rules that hold in one market and fail in the other."""
    told = Text("原先不符合：{v}", "did not fit: {v}") if is_gain else Text("{v}", "{v}")
    for verdict in there.failing(pair):
        yield Reason("rule", told.format(v=verdict.sentence))


def _prices(other: int, edge: int, here: Side, there: Side, is_gain: bool) -> Iterator[Reason]:
    """Yield the limits whose price for the match is higher in the plan that lacks it."""
    now, then = here.draws(edge), there.draws(other)
    for key in {**then, **now}:
        dear = then.get(key, 0) * there.price(key)
        cheap = now.get(key, 0) * here.price(key)
        if dear - cheap > 1e-4:
            row = there.rows.get(key) or here.rows[key]
            yield Reason("price", _price_text(row, key, here, there, is_gain), key)


def _price_text(row: PoolRow, key: RowKey, here: Side, there: Side, is_gain: bool) -> Text:
    old, new = (there, here) if is_gain else (here, there)
    told = Text("{r}：{a} → {b}", "{r}: {a} → {b}")
    return told.format(
        r=row.text, a=price_text(row, old.price(key)), b=price_text(row, new.price(key))
    )


def _score(other: int, edge: int, here: Side, there: Side, is_gain: bool) -> Iterator[Reason]:
    """Yield what of the score is lower in the plan that lacks the match."""
    mine, theirs = float(here.problem.weight[edge]), float(there.problem.weight[other])
    if mine - theirs <= _TELLING:
        return
    pairs = zip(here.terms(edge), there.terms(other), strict=True)
    greatest = max(pairs, key=lambda pair: pair[0].part - pair[1].part)
    old, new = (theirs, mine) if is_gain else (mine, theirs)
    told = Text("得分 {a:.4f} → {b:.4f}（主要是{t}）", "score {a:.4f} → {b:.4f} (mostly {t})")
    yield Reason("score", told.format(a=old, b=new, t=greatest[0].text))
