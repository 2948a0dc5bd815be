"""`matcher cost premium` and `subsidy`: what public money pays."""

from __future__ import annotations

from typing import Annotated

import typer

from matcher.cli import options
from matcher.cli.cost_showing import option, show
from matcher.cli.output import Output, default_lang
from matcher.services.costing import support
from matcher.services.costing.reading import Reader

Amount = Annotated[str, typer.Option("--amount", help="金额，如 350万 / amount in yuan")]
Cap = Annotated[str | None, typer.Option("--cap", help="补贴封顶金额 / most subsidy, an amount")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("premium", help="保费补贴 / subsidised premium")(premium)
    app.command("subsidy", help="贷款贴息与利率优惠 / interest subsidy and rate cut")(subsidy)


def premium(
    premium: Annotated[str, typer.Option("--premium", help="保险费 / premium in yuan")],
    share: Annotated[str, typer.Option("--subsidy", help="补贴比例 / share paid, a rate")],
    cap: Cap = None,
    as_json: options.AsJson = False,
    lang: options.Language = None,
) -> None:
    """Reckon what is left of a premium."""
    answer = support.premium(Reader(option), premium=premium, subsidy=share, cap=cap)
    show(Output(lang or default_lang(), as_json), answer)


def subsidy(
    amount: Amount,
    rate: Annotated[str, typer.Option("--rate", help="年利率 / yearly interest, a rate")],
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
    answer = support.subsidy(
        Reader(option),
        amount=amount,
        rate=rate,
        months=months,
        share=share,
        points=points,
        cap=cap,
        most_loan=most_loan,
        most_excluded=most_excluded,
        cut=cut,
        authority=authority,
    )
    show(Output(lang or default_lang(), as_json), answer)
