"""Bottlenecks before solving, in the words of the form: who shares too little, and what helps."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from matcher.assign.shortage import Shortage, shortages
from matcher.domain.enterprise import Need
from matcher.domain.text import Text
from matcher.planning.encode import Encoded
from matcher.planning.pools import PoolRow
from matcher.scoring.graph import ScoringGraph

MOST_NAMED = 3
"""Limits and reliefs named in a sentence; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Help:
    """A limit that, lifted alone, would serve so many more of the needs."""

    row: PoolRow
    more: int

    @property
    def sentence(self) -> Text:
        """What lifting it would do."""
        told = Text("放宽{r}可多服务 {n} 个", "more of {r} would serve {n} more")
        return told.format(r=self.row.text, n=self.more)


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """Needs that share too few places, whatever the plan.

    Parameters
    ----------
    needs
        By id.
    rows
        The limits that bind.
    places
        How many of the needs can be served at once.
    helps
        What would serve more, best first.
    remedy
        The fewest places more that would serve all of the needs, where they are; None where
        there are too many limits to find them.
    """

    needs: tuple[Need, ...]
    rows: tuple[PoolRow, ...]
    places: int
    helps: tuple[Help, ...]
    remedy: tuple[Help, ...] | None = None

    @property
    def short(self) -> int:
        """How many of the needs must go without."""
        return len(self.needs) - self.places

    @property
    def sentence(self) -> Text:
        """The bottleneck and the best remedies as one sentence."""
        told = Text("{n} 个{i}需求共享 {p} 个名额：{r}", "{n} needs for {i} share {p} places: {r}")
        shared = told.format(
            n=len(self.needs), i=self._instrument(), p=self.places, r=_named(self.rows)
        )
        remedies = [found.sentence for found in self.helps[:MOST_NAMED]]
        return Text.join([shared, *remedies, *self._whole_remedy()], zh="；", en="; ")

    def _whole_remedy(self) -> list[Text]:
        """Return what would serve all of the needs, unless one limit that is named does."""
        if not self.remedy or any(found.more == self.short for found in self.helps[:MOST_NAMED]):
            return []
        each = Text("{r}加 {n} 个名额", "{n} more at {r}")
        parts = [each.format(r=h.row.text, n=h.more) for h in self.remedy[:MOST_NAMED]]
        if (more := len(self.remedy) - MOST_NAMED) > 0:
            parts.append(Text(f"另有 {more} 项", f"{more} more limits"))
        told = Text("全部满足至少需要：{all}", "all would be served with {all}")
        return [told.format(all=Text.join(parts))]

    def _instrument(self) -> Text:
        """Return the instruments that most of the needs accept, the commonest first."""
        counted = Counter(i for need in self.needs for i in need.instruments)
        wanted = sorted(counted, key=lambda i: (-counted[i], i))
        return Text.join([i.text for i in wanted if 2 * counted[i] >= len(self.needs)])


def _named(rows: tuple[PoolRow, ...]) -> Text:
    named = [row.text for row in rows[:MOST_NAMED]]
    if len(rows) > MOST_NAMED:
        more = len(rows) - MOST_NAMED
        named.append(Text(f"另有 {more} 项", f"{more} more"))
    return Text.join(named)


def bottlenecks(graph: ScoringGraph, encoded: Encoded) -> tuple[Bottleneck, ...] | None:
    """Return the bottlenecks of a round, the greatest first; None if it is too large to look."""
    found = shortages(encoded.problem)
    return None if found is None else tuple(_told(graph, encoded, s) for s in found)


def _told(graph: ScoringGraph, encoded: Encoded, found: Shortage) -> Bottleneck:
    return Bottleneck(
        needs=tuple(graph.market.needs[i] for i in found.needs),
        rows=tuple(encoded.rows[r] for r in found.rows),
        places=found.places,
        helps=tuple(Help(encoded.rows[r.row], r.more) for r in found.reliefs),
        remedy=None
        if found.relaxation is None
        else tuple(Help(encoded.rows[r.row], r.more) for r in found.relaxation),
    )
