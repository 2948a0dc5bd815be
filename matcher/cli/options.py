"""The options that several commands share."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from matcher.cli.gathering import Gathering
from matcher.cli.language import Language as Language
from matcher.domain.errors import Fault, InputError
from matcher.domain.text import Text
from matcher.planning.effort import Effort
from matcher.planning.encode import Fixings
from matcher.planning.fairness import check_fair
from matcher.planning.floors import GroupFloor
from matcher.scoring.weights import Weights, default_weights, read_weights
from matcher.services.planning import Asked, parse_floors
from matcher.services.rounds import LprSource, Round, load_round, read_lpr

MarketPath = Annotated[
    Path,
    typer.Option("--market", help="市场：Excel、JSON、TOML 或文件夹 / workbook, file or folder"),
]
CataloguePath = Annotated[
    Path | None,
    typer.Option("--catalogue", help="CDR 产品目录 jsonl / CDR product reference data, JSON lines"),
]
ExchangeRate = Annotated[
    str,
    typer.Option("--exchange-rate", help="目录货币折算率 / market currency per unit of its own"),
]
Calendar = Annotated[
    Path | None,
    typer.Option("--calendar", help="调休与放假 TOML / days that differ from the working calendar"),
]
Lpr = Annotated[
    Path | None,
    typer.Option("--lpr", help="LPR 表 CSV 或 TOML / table of the loan prime rate, CSV or TOML"),
]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--date", help="撮合日期 / day of the round, YYYY-MM-DD (default: latest received)"
    ),
]
WeightsPath = Annotated[
    Path | None, typer.Option("--weights", help="权重 TOML / weights as TOML (default: built in)")
]
Method = Annotated[
    str, typer.Option("--method", help="求解方法 / auto, milp, auction, dual, stable, greedy")
]
Gap = Annotated[float, typer.Option("--gap", help="相对差距 / relative gap to stop at")]
TimeLimit = Annotated[float, typer.Option("--time-limit", help="求解秒数上限 / seconds to solve")]
Seed = Annotated[int, typer.Option("--seed", help="随机种子 / seed")]
Pins = Annotated[
    list[str] | None,
    typer.Option("--pin", help="必须撮合 需求：产品 / NEED:PRODUCT that must be matched"),
]
Bans = Annotated[
    list[str] | None,
    typer.Option("--ban", help="禁止撮合 需求：产品 / NEED:PRODUCT that must not be"),
]
Floors = Annotated[
    list[str] | None,
    typer.Option(
        "--floor",
        help="底线 规则：90% 或 机构 编号：5 / at least, RULE: 90% or institution ID: 5",
    ),
]
Fair = Annotated[
    str | None,
    typer.Option(
        "--fair",
        help="先保最差的一组 / worst group first: size, sector, region, priority or institution",
    ),
]
OutDir = Annotated[
    Path | None,
    typer.Option("--out", help="输出文件夹 / folder for plan.json, plan.xlsx, market.json"),
]
AsJson = Annotated[
    bool, typer.Option("--json", help="在标准输出打印一个 JSON 文档 / one JSON document on stdout")
]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a round comes from, as given on the command line."""

    market: Path
    catalogue: Path | None = None
    exchange_rate: str = "1"
    as_of: str | None = None
    calendar: Path | None = None
    lpr: Path | None = None

    def load(self) -> Round:
        """Read the round.

        Raises
        ------
        InputError
            With every fault of the options or of the files.
        """
        return load_round(
            self.market,
            today=datetime.now(ZoneInfo("Asia/Shanghai")).date(),
            as_of=parse_day(self.as_of),
            catalogue=self.catalogue,
            exchange_rate=parse_exchange_rate(self.exchange_rate),
            calendar=self.calendar,
            lpr=load_lpr(self.lpr),
        )


@dataclass(frozen=True, slots=True)
class Beside:
    """What a market is read with, as options of a command; see `matcher.cli.spread`."""

    catalogue: CataloguePath = None
    exchange_rate: ExchangeRate = "1"
    as_of: AsOf = None
    calendar: Calendar = None
    lpr: Lpr = None


@dataclass(frozen=True, slots=True)
class Solving:
    """How a plan is scored and solved, as options of a command."""

    weights: WeightsPath = None
    method: Method = "auto"
    gap: Gap = 1e-4
    time_limit: TimeLimit = 60.0
    seed: Seed = 0

    @property
    def effort(self) -> Effort:
        """How far and how long to solve."""
        return make_solving(self.method, self.gap, self.time_limit, self.seed)


@dataclass(frozen=True, slots=True)
class Aims:
    """What is wanted of a plan beside its score, as options of a command."""

    pin: Pins = None
    ban: Bans = None
    floor: Floors = None
    fair: Fair = None

    def parse(self) -> Asked:
        """Read them; see `parse_asked`."""
        return parse_asked(self.pin, self.ban, self.floor, self.fair)


def load_lpr(path: Path | None) -> LprSource | None:
    """Read a table of the loan prime rate, if one is named."""
    return None if path is None else read_lpr(path)


def load_weights(path: Path | None) -> Weights:
    """Read weights from a file, or take the built-in ones."""
    return default_weights() if path is None else read_weights(path)


def make_solving(method: str, gap: float, time_limit: float, seed: int) -> Effort:
    """Gather the options of a solve."""
    return Effort(method, gap, time_limit if math.isfinite(time_limit) else 1e9, seed)


def parse_asked(
    pins: list[str] | None,
    bans: list[str] | None,
    floors: list[str] | None,
    fair: str | None,
) -> Asked:
    """Read what is wanted of a plan beside its score.

    Raises
    ------
    InputError
        Naming every word that cannot be read.
    """
    told = Gathering()
    fixings = told.attempt(lambda: parse_fixings(pins, bans), Fixings())
    none: tuple[GroupFloor, ...] = ()
    read = told.attempt(lambda: parse_floors(floors or (), "--floor"), none)
    told.attempt(lambda: check_fair(fair, "--fair"), None)
    told.raise_if_any()
    return Asked(fixings, read, fair)


def parse_fixings(pins: list[str] | None, bans: list[str] | None) -> Fixings:
    """Read ``NEED:PRODUCT`` pairs.

    Raises
    ------
    InputError
        Naming every word that is no pair.
    """
    faults: list[Fault] = []
    read = [
        _pairs(words or [], option, faults) for option, words in (("--pin", pins), ("--ban", bans))
    ]
    if faults:
        raise InputError(faults)
    return Fixings(*read)


def _pairs(words: list[str] | None, option: str, faults: list[Fault]) -> frozenset[tuple[str, str]]:
    pairs = set()
    for word in words or ():
        need, colon, product = word.partition(":")
        if not (need and colon and product):
            expected = Text("需求编号：产品编号", "NEED:PRODUCT")
            message = Text("无法读取", "cannot be read")
            faults.append(Fault(message, field=option, value=word, expected=expected))
        pairs.add((need, product))
    return frozenset(pairs)


def parse_day(word: str | None) -> date | None:
    """Read a day.

    Raises
    ------
    InputError
        If it is none.
    """
    try:
        return None if word is None else date.fromisoformat(word)
    except ValueError:
        message = Text("不是日期", "not a day")
        expected = Text.same("YYYY-MM-DD")
        raise InputError([Fault(message, field="--date", value=word, expected=expected)]) from None


def parse_exchange_rate(word: str) -> Decimal:
    """Read an exchange rate.

    Raises
    ------
    InputError
        If it is no number above 0.
    """
    try:
        rate = Decimal(word)
        if rate.is_finite() and rate > 0:
            return rate
    except InvalidOperation:
        pass
    message = Text("不是折算率", "not an exchange rate")
    raise InputError([Fault(message, field="--exchange-rate", value=word)])
