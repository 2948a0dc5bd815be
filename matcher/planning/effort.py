"""How far and how long to solve."""

from __future__ import annotations

from dataclasses import dataclass

METHODS = ("auto", "milp", "auction", "dual", "stable", "greedy")
"""The names of the methods, known without importing them."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How to solve; see `matcher.assign.solve`."""

    method: str = "auto"
    gap: float = 1e-4
    time_limit: float = 60.0
    seed: int = 0
