"""Why a product fits a need or does not: every verdict, every term of the score, what to mend."""

from __future__ import annotations

from dataclasses import dataclass

from matcher.domain.criteria import State, Verdict
from matcher.domain.text import Text
from matcher.market import Market
from matcher.scoring.change import Change
from matcher.scoring.eligibility import Eligibility
from matcher.scoring.features import feature_matrix
from matcher.scoring.mending import judge, smallest_change
from matcher.scoring.pair import Pair
from matcher.scoring.weights import FEATURE_NAMES, FEATURES, Weights

FEATURE_TEXTS = {
    "amount": Text("金额满足度", "amount"),
    "term": Text("期限匹配", "term"),
    "cost": Text("综合成本", "cost"),
    "time": Text("到账速度", "time to cash"),
    "collateral": Text("押品匹配", "collateral"),
    "repayment": Text("还款方式", "repayment"),
    "sector": Text("行业专属", "sector"),
    "appetite": Text("机构偏好", "appetite"),
    "region": Text("地区接近", "region"),
    "relationship": Text("既有合作", "relationship"),
    "approval": Text("获批前景", "outlook for approval"),
    "priority": Text("公共优先级", "public priority"),
    "urgency": Text("紧急程度", "urgency"),
    "smallness": Text("小微程度", "smallness"),
    "first_loan": Text("首贷", "first loan"),
}
GROUP_TEXTS = {
    "enterprise": Text("企业侧", "enterprise"),
    "bank": Text("机构侧", "institution"),
    "public": Text("公共侧", "public"),
}
GROUP_OF = {name: group for group, names in FEATURES.items() for name in names}


@dataclass(frozen=True, slots=True)
class Term:
    """One term of the score: ``part`` = ``weight`` × ``value``."""

    feature: str
    value: float
    weight: float
    part: float

    @property
    def text(self) -> Text:
        """The feature's name."""
        return FEATURE_TEXTS[self.feature]


@dataclass(frozen=True, slots=True)
class Explanation:
    """All that is to be said about one pair.

    Parameters
    ----------
    verdicts
        Of the conditions that hold for every product, then of the product's own criteria.
    score
        Σ of the parts of ``terms``: what the pair is worth, were it eligible.
    changes
        The smallest change that would make it eligible: empty if it is, None if there is none.
    """

    pair: Pair
    verdicts: tuple[Verdict, ...]
    score: float
    terms: tuple[Term, ...]
    changes: tuple[Change, ...] | None

    @property
    def eligible(self) -> bool:
        """Whether no rule fails."""
        return all(v.state is not State.FAIL for v in self.verdicts)

    @property
    def failing(self) -> tuple[Verdict, ...]:
        """The verdicts that fail."""
        return tuple(v for v in self.verdicts if v.state is State.FAIL)

    @property
    def missing(self) -> tuple[Text, ...]:
        """What has to be shown for the unknown verdicts to be decided."""
        return tuple(v.missing for v in self.verdicts if v.state is State.UNKNOWN)


def explain(market: Market, weights: Weights, need_idx: int, product_idx: int) -> Explanation:
    """Explain one pair by indices, eligible or not."""
    pair = Pair.of(market, need_idx, product_idx)
    edge = Eligibility(market).pair(need_idx, product_idx)
    features = feature_matrix(market, edge, weights)[0].astype(float)
    terms = terms_of(features.tolist(), weights)
    return Explanation(
        pair=pair,
        verdicts=judge(pair),
        score=sum(t.part for t in terms),
        terms=terms,
        changes=smallest_change(pair),
    )


def terms_of(features: list[float], weights: Weights) -> tuple[Term, ...]:
    """Return the terms of the score of one edge from its (F,) features."""
    rows = zip(FEATURE_NAMES, features, weights.vector.tolist(), strict=True)
    return tuple(Term(name, value, weight, weight * value) for name, value, weight in rows)
