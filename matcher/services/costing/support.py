"""What public money pays: of a premium, and of interest after a cut in the rate."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from matcher.domain.errors import Faults
from matcher.domain.text import Text
from matcher.finance.checks import MAX_MONTHS, require_whole
from matcher.finance.premium import subsidised_premium
from matcher.finance.subsidy import (
    RateCut,
    SubsidisedInterest,
    SubsidyRule,
    cut_rate,
    subsidised_interest,
)
from matcher.services.costing.answer import Answer
from matcher.services.costing.figures import as_is, in_percent, in_yuan
from matcher.services.costing.reading import Reader

PAYS = Text("企业实付", "the firm pays")
NONE = "0"


def premium(reader: Reader, *, premium: str, subsidy: str, cap: str | None = None) -> Answer:
    """Reckon what is left of a premium.

    Raises
    ------
    InputError
        With every fault of the words.
    """
    premium_fen = reader.money("premium_fen", "premium", premium)
    paid_share = reader.rate("share", "subsidy", subsidy)
    cap_fen = _amount(reader, "cap", cap)
    split = reader.finish(lambda: subsidised_premium(premium_fen, paid_share, cap_fen))
    figures = (
        in_yuan("premium_fen", Text("保险费", "premium"), premium_fen),
        in_percent("share", Text("补贴比例", "share paid"), paid_share),
        in_yuan("subsidy_fen", Text("补贴", "subsidy"), split.subsidy_fen),
        in_yuan("pays_fen", PAYS, split.pays_fen),
    )
    return Answer(Text("保费补贴", "Subsidised premium"), figures, "pays_fen")


def subsidy(
    reader: Reader,
    *,
    amount: str,
    rate: str,
    months: str = "12",
    share: str = NONE,
    points: str = NONE,
    cap: str | None = None,
    most_loan: str | None = None,
    most_excluded: bool = False,
    cut: str = NONE,
    authority: str = NONE,
) -> Answer:
    """Reckon interest after a rate cut and a subsidy.

    Raises
    ------
    InputError
        With every fault of the words.
    """
    amount_fen = reader.money("amount_fen", "amount", amount)
    quoted = reader.rate("rate", "rate", rate)
    num_months = reader.whole("months", "months", months)
    reader.attempt(lambda: _check_months(num_months))
    asked = reader.rate("cut", "cut", cut)
    most_cut = reader.rate("authority", "authority", authority)
    reduced = reader.attempt(lambda: cut_rate(quoted, asked, most_cut))
    rule = _rule(reader, share, points, cap, most_loan, most_excluded)
    years = Fraction(min(max(num_months, 0), MAX_MONTHS), 12)
    after = reduced.rate if reduced else Decimal(0)
    split = reader.finish(lambda: subsidised_interest(amount_fen, after, years, rule))
    assert reduced is not None
    return _subsidy_answer(amount_fen, num_months, quoted, reduced, split)


def _rule(
    reader: Reader,
    share: str,
    points: str,
    cap: str | None,
    most_loan: str | None,
    most_excluded: bool,
) -> SubsidyRule | None:
    rule_share = reader.rate("share", "share", share)
    rule_points = reader.rate("points", "points", points)
    cap_fen = _amount(reader, "cap", cap)
    most_fen = _amount(reader, "most_loan", most_loan)
    return reader.attempt(
        lambda: SubsidyRule(
            share=rule_share,
            points=rule_points,
            cap_fen=cap_fen,
            most_loan_fen=most_fen,
            most_included=not most_excluded,
        )
    )


def _amount(reader: Reader, name: str, word: str | None) -> int | None:
    return None if word is None else reader.money(f"{name}_fen", name, word)


def _check_months(months: int) -> None:
    faults = Faults()
    require_whole(faults, 1, MAX_MONTHS, months=months)
    faults.raise_if_any()


def _subsidy_answer(
    amount_fen: int, months: int, quoted: Decimal, cut: RateCut, split: SubsidisedInterest
) -> Answer:
    net = Decimal(split.pays_fen) / amount_fen * 12 / months
    figures = (
        in_yuan("amount_fen", Text("贷款金额", "loan"), amount_fen),
        as_is("months", Text("月数", "months"), months),
        in_percent("rate_quoted", Text("报价利率", "rate quoted"), quoted),
        in_percent("cut_granted", Text("获准降息", "cut granted"), cut.granted),
        in_percent("cut_refused", Text("超出权限", "cut refused"), cut.refused),
        in_percent("rate", Text("执行利率", "rate charged"), cut.rate),
        in_yuan("interest_fen", Text("利息", "interest"), split.interest_fen),
        in_yuan("subsidy_fen", Text("贴息", "subsidy"), split.subsidy_fen),
        in_yuan("pays_fen", PAYS, split.pays_fen),
        in_percent("net_rate", Text("贴息后利率", "rate after subsidy"), net),
    )
    return Answer(Text("贷款贴息", "Interest subsidy"), figures, "net_rate")
