"""Firms in a similar position to one, found by its id; no needs or products are asked for."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from matcher.domain.enterprise import Enterprise
from matcher.domain.errors import Fault, Faults, UnknownIdError
from matcher.domain.text import Text
from matcher.files import read_market
from matcher.scoring.similar import Neighbour, similar


@dataclass(frozen=True, slots=True)
class Alike:
    """A firm, and those like it, best first."""

    enterprise: Enterprise
    neighbours: tuple[Neighbour, ...]


def read_firms(path: Path) -> tuple[Enterprise, ...]:
    """Read the firms of a market; it may hold nothing else.

    Raises
    ------
    InputError
        With every fault of the files.
    """
    return read_market(path, complete=False).records.enterprises


def firms_like(firms: Iterable[Enterprise], enterprise_id: str, limit: int = 10) -> Alike:
    """Return the firms most like one.

    Raises
    ------
    UnknownIdError
        If there is no such firm; the id that was most likely meant is named.
    InputError
        If ``limit`` is below 1.
    """
    by_id = {firm.enterprise_id: firm for firm in firms}
    faults = Faults()
    faults.require(limit >= 1, "limit", limit, Text("不小于 1 的整数", "1 or more"))
    faults.raise_if_any()
    if enterprise_id not in by_id:
        raise UnknownIdError([_unknown(enterprise_id, list(by_id))])
    return Alike(by_id[enterprise_id], similar(by_id.values(), enterprise_id, limit))


def _unknown(identity: str, known: list[str]) -> Fault:
    close = difflib.get_close_matches(identity, known, n=3, cutoff=0.5)
    hint = Text("{c} 之一？", "one of {c}?").format(c=", ".join(close)) if close else None
    message = Text("没有这个企业编号", "there is no firm with this id")
    return Fault(message, field="enterprise_id", value=identity, expected=hint)
