"""`matcher cost premium` and `subsidy`: what public money pays."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Annotated

import typer

from matcher.cli import options
from matcher.cli.cost_reading import Reader
from matcher.cli.cost_showing import document, fen, rate, show, words
from matcher.cli.output import Output, default_lang
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

SUBSIDY = Text("补贴", "subsidy")
PAYS = Text("企业实付", "the firm pays")
Amount = Annotated[str, typer.Option("--amount", help="金额，如 350万 / amount in yuan")]
Cap = Annotated[str | None, typer.Option("--cap", help="补贴封顶金额 / most subsidy, an amount")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("premium", help="保费补贴 / subsidised premium")(premium)
    app.command("subsidy", help="贷款贴息与利率优惠 / interest subsidy and rate cut")(subsidy)


def premium(
    premium_word: Annotated[str, typer.Option("--premium", help="保险费 / premium in yuan")],
    share: Annotated[str, typer.Option("--subsidy", help="补贴比例 / share paid, a rate")],
    cap: Cap = None,
    as_json: options.AsJson = False,
    lang: options.Language = None,
) -> None:
    """Reckon what is left of a premium."""
    output, reader = Output(lang or default_lang(), as_json), Reader()
    premium_fen = reader.money("premium_fen", "--premium", premium_word)
    paid_share = reader.rate("share", "--subsidy", share)
    cap_fen = None if cap is None else reader.money("cap_fen", "--cap", cap)
    split = reader.finish(lambda: subsidised_premium(premium_fen, paid_share, cap_fen))
    figures = [
        fen("premium_fen", Text("保险费", "premium"), premium_fen),
        rate("share", Text("补贴比例", "share paid"), paid_share),
        fen("subsidy_fen", SUBSIDY, split.subsidy_fen),
        fen("pays_fen", PAYS, split.pays_fen),
    ]
    show(output, Text("保费补贴", "Subsidised premium"), figures)
    output.document(document(figures))


def subsidy(
    amount: Amount,
    rate_word: Annotated[str, typer.Option("--rate", help="年利率 / yearly interest, a rate")],
    months: Annotated[str, typer.Option("--months", help="月数 / months")] = "12",
    share: Annotated[str, typer.Option("--share", help="贴息占利息比例 / of the interest")] = "0",
    points: Annotated[
        str, typer.Option("--points", help="贴息百分点，如 1% / points of the amount a year")
    ] = "0",
    cap: Cap = None,
    most_loan: Annotated[
        str | None, typer.Option("--most-loan", help="可贴息贷款上限 / largest loan that may")
    ] = None,
    most_excluded: Annotated[
        bool, typer.Option("--most-excluded", help="上限本身不可 / that largest itself may not")
    ] = False,
    cut: Annotated[str, typer.Option("--cut", help="申请降息 / cut asked for, a rate")] = "0",
    authority: Annotated[
        str, typer.Option("--authority", help="降息权限 / largest cut that may be granted")
    ] = "0",
    as_json: options.AsJson = False,
    lang: options.Language = None,
) -> None:
    """Reckon interest after a rate cut and a subsidy."""
    output, reader = Output(lang or default_lang(), as_json), Reader()
    amount_fen = reader.money("amount_fen", "--amount", amount)
    quoted = reader.rate("rate", "--rate", rate_word)
    num_months = reader.whole("months", "--months", months)
    reader.attempt(lambda: _check_months(num_months))
    asked = reader.rate("cut", "--cut", cut)
    most_cut = reader.rate("authority", "--authority", authority)
    reduced = reader.attempt(lambda: cut_rate(quoted, asked, most_cut))
    rule_share = reader.rate("share", "--share", share)
    rule_points = reader.rate("points", "--points", points)
    cap_fen = None if cap is None else reader.money("cap_fen", "--cap", cap)
    most_fen = (
        None if most_loan is None else reader.money("most_loan_fen", "--most-loan", most_loan)
    )
    rule = reader.attempt(
        lambda: SubsidyRule(
            share=rule_share,
            points=rule_points,
            cap_fen=cap_fen,
            most_loan_fen=most_fen,
            most_included=not most_excluded,
        )
    )
    years = Fraction(min(max(num_months, 0), MAX_MONTHS), 12)
    after = reduced.rate if reduced else Decimal(0)
    split = reader.finish(lambda: subsidised_interest(amount_fen, after, years, rule))
    assert reduced is not None
    _show_subsidy(output, amount_fen, num_months, quoted, reduced, split)


def _check_months(months: int) -> None:
    faults = Faults()
    require_whole(faults, 1, MAX_MONTHS, months=months)
    faults.raise_if_any()


def _show_subsidy(
    output: Output,
    amount_fen: int,
    months: int,
    quoted: Decimal,
    cut: RateCut,
    split: SubsidisedInterest,
) -> None:
    net = Decimal(split.pays_fen) / amount_fen * 12 / months
    figures = [
        fen("amount_fen", Text("贷款金额", "loan"), amount_fen),
        words("months", Text("月数", "months"), months),
        rate("rate_quoted", Text("报价利率", "rate quoted"), quoted),
        rate("cut_granted", Text("获准降息", "cut granted"), cut.granted),
        rate("cut_refused", Text("超出权限", "cut refused"), cut.refused),
        rate("rate", Text("执行利率", "rate charged"), cut.rate),
        fen("interest_fen", Text("利息", "interest"), split.interest_fen),
        fen("subsidy_fen", Text("贴息", "subsidy"), split.subsidy_fen),
        fen("pays_fen", PAYS, split.pays_fen),
        rate("net_rate", Text("贴息后利率", "rate after subsidy"), net),
    ]
    show(output, Text("贷款贴息", "Interest subsidy"), figures)
    output.document(document(figures))
