"""Who may meet whom at all: instrument, validity, consent, conflicts."""

from __future__ import annotations

from datetime import date

import numpy as np

from matcher.domain.criteria import Verdict
from matcher.domain.moments import day_text
from matcher.domain.text import Text
from matcher.scoring.block import Block
from matcher.scoring.change import Change
from matcher.scoring.columns import FAIL, PASS, States
from matcher.scoring.conditions.base import Condition, decided
from matcher.scoring.pair import Pair


class InstrumentAccepted(Condition):
    """The firm accepts the kind of instrument."""

    label = Text("融资方式", "instrument")

    def judge(self, pair: Pair) -> Verdict:
        accepted = Text.join([i.text for i in sorted(pair.need.instruments)])
        holds = pair.product.instrument in pair.need.instruments
        return self.verdict(decided(holds), accepted, pair.product.instrument.text)

    def column(self, block: Block) -> States:
        instrument = block.market.product_columns.instrument[block.product_idx]
        accepted = block.market.need_columns.instruments[:, instrument]
        return np.where(accepted, PASS, FAIL)

    def mend(self, pair: Pair) -> Change:
        wanted = pair.product.instrument
        text = Text("接受{i}", "accept {i}").format(i=wanted.text)
        return Change("instruments", pair.need.instruments | {wanted}, text)


def _bound(day: date | None) -> Text:
    return Text.same("…") if day is None else day_text(day)


class OnOffer(Condition):
    """The product can be applied for on the day of the round."""

    label = Text("有效期", "on offer")

    def judge(self, pair: Pair) -> Verdict:
        start, end, day = pair.product.valid_from, pair.product.valid_to, pair.subject.as_of
        holds = (start is None or start <= day) and (end is None or day <= end)
        asked = Text("{a} – {b}", "{a} – {b}").format(a=_bound(start), b=_bound(end))
        return self.verdict(decided(holds), day_text(day), asked, mendable=False)

    def column(self, block: Block) -> States:
        product = block.product
        start, end, day = product.valid_from, product.valid_to, block.market.as_of
        holds = (start is None or start <= day) and (end is None or day <= end)
        return np.full(block.market.num_needs, PASS if holds else FAIL)


class Consented(Condition):
    """The firm lets the institution see its need."""

    label = Text("知情同意", "consent")

    def judge(self, pair: Pair) -> Verdict:
        allowed = pair.need.consent
        holds = allowed is None or pair.institution.institution_id in allowed
        found = Text("全部机构", "every institution")
        if allowed is not None:
            found = Text.same(", ".join(sorted(allowed)) or "–")
        return self.verdict(decided(holds), found, pair.institution.text)

    def column(self, block: Block) -> States:
        identity = block.product.institution_id
        column = block.market.consents
        allowed = [found is None or identity in found for found in column.items]
        return np.where(np.array(allowed, np.bool_), PASS, FAIL)[column.codes]

    def mend(self, pair: Pair) -> Change:
        allowed = (pair.need.consent or frozenset()) | {pair.institution.institution_id}
        text = Text("同意向{i}披露", "let {i} see the need").format(i=pair.institution.text)
        return Change("consent", allowed, text)


class NoConflict(Condition):
    """The firm and the institution are not related."""

    label = Text("关联关系", "conflict of interest")

    def judge(self, pair: Pair) -> Verdict:
        holds = pair.institution.institution_id not in pair.enterprise.conflicts
        none = Text("无关联", "not related")
        found = none if holds else Text("存在关联", "related")
        return self.verdict(decided(holds), found, none, mendable=False)

    def column(self, block: Block) -> States:
        identity = block.product.institution_id
        column = block.market.conflicts
        free = [identity not in found for found in column.items]
        return np.where(np.array(free, np.bool_), PASS, FAIL)[column.codes]
