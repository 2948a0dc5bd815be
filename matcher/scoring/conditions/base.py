"""What every condition between a need and a product can be asked."""

from __future__ import annotations

from abc import ABC, abstractmethod

from matcher.domain.criteria import State, Verdict
from matcher.domain.text import Text
from matcher.scoring.block import Block
from matcher.scoring.change import Change
from matcher.scoring.columns import States
from matcher.scoring.pair import Pair


class Condition(ABC):
    """One thing that must hold between a need and a product."""

    label: Text

    @abstractmethod
    def judge(self, pair: Pair) -> Verdict:
        """Read the condition for one pair, with reasons."""

    @abstractmethod
    def column(self, block: Block) -> States:
        """Read the condition for all needs beside one package: (N,) states."""

    def mend(self, pair: Pair) -> Change | None:
        """Return the smallest change of the need that would help; None if there is none."""
        return None

    def verdict(
        self, state: State, found: Text | None, asked: Text, mendable: bool = True
    ) -> Verdict:
        """Build a verdict under this condition's label."""
        return Verdict(state, self.label, found, asked, mendable)


def decided(holds: bool) -> State:
    """Return pass or fail."""
    return State.PASS if holds else State.FAIL
