"""Plan a round and put the plan on paper."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from matcher.assign.method import Progress
from matcher.domain.errors import Fault, InputError
from matcher.domain.money import parse_number, parse_rate
from matcher.domain.text import Lang, Text
from matcher.files.atomic import make_folder, write_whole
from matcher.files.plan_excel import write_plan_workbook
from matcher.files.plan_json import PlanInputs, plan_document, write_plan
from matcher.market import Market
from matcher.planning.effort import Effort
from matcher.planning.encode import Fixings
from matcher.planning.floors import DEFAULT_PENALTY, GroupFloor
from matcher.planning.make import make_plan
from matcher.planning.plan import Plan
from matcher.scoring.weights import Weights
from matcher.services.market_file import records_bytes
from matcher.services.people.firms import parse_rules
from matcher.services.rounds import Round


@dataclass(frozen=True, slots=True)
class Asked:
    """What the organiser wants of the plan beside its score; see `make_plan`."""

    fixings: Fixings | None = None
    floors: tuple[GroupFloor, ...] = ()
    fair: str | None = None


@dataclass(frozen=True, eq=False, slots=True)
class PlannedRound:
    """A plan with what it was made from."""

    plan: Plan
    inputs: PlanInputs

    @property
    def document(self) -> dict[str, Any]:
        """The plan as JSON values."""
        return plan_document(self.plan, self.inputs)


def plan_round(
    loaded: Round,
    weights: Weights,
    solving: Effort | None = None,
    asked: Asked | None = None,
    on_stage: Callable[[Text], None] = lambda _: None,
    progress: Progress | None = None,
) -> PlannedRound:
    """Plan a round; the plan has passed the checker when it is returned.

    Parameters
    ----------
    on_stage, progress
        Told how far it is; see `make_plan`.

    Raises
    ------
    InputError
        If an option, a pin or a floor cannot be used.
    """
    how, asked = solving or Effort(), asked or Asked()
    plan = make_plan(
        loaded.market,
        weights,
        fixings=asked.fixings,
        floors=asked.floors,
        fair=asked.fair,
        method=how.method,
        gap=how.gap,
        time_limit=how.time_limit,
        seed=how.seed,
        on_stage=on_stage,
        progress=progress,
    )
    inputs = PlanInputs(
        files=loaded.files,
        market_sha256=hashlib.sha256(market_bytes(loaded.market)).hexdigest(),
        method=how.method,
        gap=how.gap,
        time_limit=how.time_limit,
        seed=how.seed,
        notes=loaded.notes,
    )
    return PlannedRound(plan, inputs)


def parse_floors(words: Sequence[str], option: str) -> tuple[GroupFloor, ...]:
    """Read floors as people write them: ``rule: 90%``, ``institution ID: 5``, ``rule: 12 @ 3``.

    What comes after the last colon is the share or the number asked for; after an ``@`` the
    penalty in points of score. A rule of ``*`` means all needs.

    Raises
    ------
    InputError
        Naming every floor that cannot be read.
    """
    floors, faults = list[GroupFloor](), list[Fault]()
    for word in words:
        try:
            floors.append(_floor(word, option))
        except InputError as error:
            faults += [
                replace(fault, field=option, value=fault.value or word) for fault in error.faults
            ]
    if faults:
        raise InputError(faults)
    return tuple(floors)


def _floor(word: str, option: str) -> GroupFloor:
    who, colon, asked = word.replace("\uff1a", ":").rpartition(":")
    number, _, penalty = (part.strip() for part in asked.partition("@"))
    if not (who.strip() and colon and number):
        expected = Text("规则：90%，或 机构 编号：5", "RULE: 90%, or institution ID: 5")
        raise InputError([Fault(Text("无法读取", "cannot be read"), value=word, expected=expected)])
    price = float(parse_number(penalty)) if penalty else DEFAULT_PENALTY
    share = parse_rate(number) if number.endswith("%") else None
    least = None if share is not None else _count(number)
    kind, _, identity = who.strip().partition(" ")
    if kind in ("institution", "机构") and identity.strip():
        one = identity.strip()
        return GroupFloor(institution_id=one, share=share, least=least, penalty=price)
    rule = None if who.strip() == "*" else parse_rules([who.strip()], option)[0]
    return GroupFloor(where=rule, share=share, least=least, penalty=price)


def _count(number: str) -> int:
    value = parse_number(number)
    if value != int(value):
        message = Text("应为百分比或整数", "must be a share in percent or a whole number")
        raise InputError([Fault(message, value=number)])
    return int(value)


def market_bytes(market: Market) -> bytes:
    """Return the day and the records as a JSON file that can be read again, always the same.

    A plan carries the hash of these bytes, so ``sha256sum market.json`` shows what it is of.
    """
    return records_bytes(market.records, market.as_of)


def save_plan(planned: PlannedRound, folder: Path, lang: Lang) -> list[Path]:
    """Write plan.json, plan.xlsx and market.json into a folder and return their paths.

    Each file is written whole or not at all; the plan itself comes last, so that where it is
    the others are too.

    Raises
    ------
    InputError
        If the folder cannot be written to.
    """
    make_folder(folder)
    paths = [folder / "market.json", folder / "plan.xlsx", folder / "plan.json"]
    write_whole(paths[0], market_bytes(planned.plan.graph.market))
    write_plan_workbook(paths[1], planned.plan, planned.inputs, lang)
    write_plan(paths[2], planned.document)
    return paths
