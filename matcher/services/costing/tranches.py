"""A grant in tranches, and what is paid of it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from matcher.domain.errors import Faults
from matcher.domain.money import rate_text
from matcher.domain.text import Text
from matcher.domain.tranche import Tranche, parse_milestone
from matcher.finance.tranches import Grant, MilestoneEvent, Outcome
from matcher.services.costing.answer import Answer, Column, Table
from matcher.services.costing.figures import in_yuan
from matcher.services.costing.reading import Reader


def tranches(
    reader: Reader,
    *,
    amount: str,
    shares: str,
    milestone: Sequence[str] = (),
    reached: Sequence[str] = (),
    failed: str | None = None,
) -> Answer:
    """Show the tranches of a grant and what is paid of it.

    Parameters
    ----------
    milestone
        What releases each tranche, in order: ``review/new_financing``; without any they are
        numbered.

    Raises
    ------
    InputError
        With every fault of the words.
    """
    amount_fen = reader.money("amount_fen", "amount", amount)
    parts = reader.shares(shares)
    reader.name("milestones", "milestone")
    names = list(milestone) or [str(n + 1) for n in range(len(parts))]
    start = reader.attempt(lambda: Grant(amount_fen, _paired(parts, names)))
    reader.raise_if_any()
    assert start is not None
    reader.name("milestone", "reached")
    grant = reader.finish(lambda: start.after_all(MilestoneEvent(m) for m in reached))
    if failed is not None:
        reader.name("milestone", "failed")
        failure = MilestoneEvent(failed, Outcome.FAILED)
        grant = reader.finish(lambda: grant.after(failure))
    return _answer(grant)


def _paired(parts: tuple[Decimal, ...], names: list[str]) -> tuple[Tranche, ...]:
    faults = Faults()
    expected = Text(f"{len(parts)} 个节点", f"{len(parts)} milestones")
    faults.require(len(parts) == len(names), "milestones", ", ".join(names), expected)
    faults.raise_if_any()
    milestones = [tuple(parse_milestone(word) for word in name.split("/")) for name in names]
    return tuple(Tranche(part, each) for part, each in zip(parts, milestones, strict=True))


def _answer(grant: Grant) -> Answer:
    figures = (
        in_yuan("amount_fen", Text("总额", "amount"), grant.amount_fen),
        in_yuan("paid_fen", Text("已拨付", "paid"), grant.paid_fen),
        in_yuan("unpaid_fen", Text("未拨付", "not paid"), grant.unpaid_fen),
    )
    details = {
        "tranches": tranche_documents(grant),
        "awaits": list(grant.awaits),
        "failed_at": grant.failed_at,
    }
    return Answer(
        Text("里程碑拨付", "Paid by milestones"),
        figures,
        "paid_fen",
        tables=(tranche_table(grant),),
        details=MappingProxyType(details),
    )


def tranche_table(grant: Grant) -> Table:
    """Return the tranches of a grant: what releases each, how much, its state."""
    columns = (
        Column(Text("节点", "milestone")),
        Column(Text("比例", "share")),
        Column(Text("金额", "amount"), is_amount=True),
        Column(Text("状态", "state")),
    )
    rows = (
        (tranche.text, rate_text(tranche.share), part, state)
        for tranche, part, state in zip(
            grant.tranches, grant.amounts_fen, _states(grant), strict=True
        )
    )
    return Table(Text("分期拨付", "Tranches"), columns, tuple(rows))


def tranche_documents(grant: Grant) -> list[dict[str, Any]]:
    """Return the tranches of a grant as JSON values."""
    return [
        {
            "milestones": list(t.milestones),
            "share": f"{t.share.normalize():f}",
            "amount_fen": part,
            "state": state.en,
        }
        for t, part, state in zip(grant.tranches, grant.amounts_fen, _states(grant), strict=True)
    ]


def _states(grant: Grant) -> list[Text]:
    """Return what has become of each tranche."""
    done = [Text("已拨付", "paid")] * grant.num_paid
    ended = Text("不再拨付", "never paid") if grant.failed_at else Text("待拨付", "awaited")
    return done + [ended] * (len(grant.tranches) - grant.num_paid)
