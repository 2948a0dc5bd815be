"""Seeded instances of the optimiser's benchmarks: sizes, skew, sectors and ties."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Recipe:
    """How to make an instance.

    Parameters
    ----------
    num_needs, num_options, degree
        Sizes: every need has ``degree`` distinct options.
    skew
        Options have a popularity of ``1 / rank**skew``; 0 makes all alike.
    sectors
        Needs and options fall into so many closed sectors; an edge never leaves its sector.
    levels
        Scores are whole numbers from 1 to ``levels``; 0 makes them continuous in (0, 1].
    share
        Places over needs.
    """

    num_needs: int
    num_options: int
    degree: int
    skew: float = 0.0
    sectors: int = 1
    levels: int = 0
    share: float = 0.6

    @property
    def num_edges(self) -> int:
        return self.num_needs * self.degree


@dataclass(frozen=True, eq=False)
class Instance:
    """The arrays of one instance, edges in the order of need and option.

    Parameters
    ----------
    need, option, weight
        ``(num_edges,)`` int32, int32, float32.
    option_limit
        ``(num_options,)`` int64 places.
    """

    need: NDArray[np.int32]
    option: NDArray[np.int32]
    weight: NDArray[np.float32]
    option_limit: NDArray[np.int64]
    num_needs: int
    num_options: int

    def arguments(self) -> dict[str, Any]:
        """Return the arguments of ``Problem.from_arrays``."""
        return dict(vars(self))


_SMALL = Recipe(10_000, 200, 50)
_MIDDLE = Recipe(100_000, 1_000, 50)
_LARGE = Recipe(1_000_000, 5_000, 20)

RECIPES: dict[str, Recipe] = {
    "small": _SMALL,
    "small-skew": replace(_SMALL, skew=0.8),
    "small-ties": replace(_SMALL, levels=100),
    "middle": _MIDDLE,
    "middle-skew": replace(_MIDDLE, skew=0.8),
    "middle-sectors": replace(_MIDDLE, sectors=10),
    "middle-ties": replace(_MIDDLE, levels=100),
    "large": _LARGE,
    "large-skew": replace(_LARGE, skew=0.8),
    "large-sectors": replace(_LARGE, skew=0.8, sectors=50),
    "large-ties": replace(_LARGE, skew=0.8, levels=100),
    "growth-1m": Recipe(50_000, 1_000, 20),
    "growth-5m": Recipe(250_000, 2_200, 20),
    "growth-20m": Recipe(1_000_000, 4_500, 20),
    "huge": Recipe(1_000_000, 5_000, 50),
}
"""Every instance of the benchmark by its name."""


def make(recipe: Recipe, seed: int = 0) -> Instance:
    """Return the instance of a recipe; the same seed makes the same bytes."""
    rng = np.random.default_rng(seed)
    option = _options(recipe, rng)
    shape = (recipe.num_needs, recipe.degree)
    if recipe.levels:
        weight = rng.integers(1, recipe.levels + 1, size=shape).astype(np.float32)
    else:
        weight = 1 - rng.random(shape, dtype=np.float32)
    places = int(recipe.share * recipe.num_needs)
    limit = np.full(recipe.num_options, places // recipe.num_options, dtype=np.int64)
    limit[: places % recipe.num_options] += 1
    return Instance(
        need=np.repeat(np.arange(recipe.num_needs, dtype=np.int32), recipe.degree),
        option=option.ravel(),
        weight=weight.ravel(),
        option_limit=rng.permutation(limit),
        num_needs=recipe.num_needs,
        num_options=recipe.num_options,
    )


def _options(recipe: Recipe, rng: np.random.Generator) -> NDArray[np.int32]:
    """Return ``(num_needs, degree)`` distinct options of each need, ascending."""
    size = recipe.num_options // recipe.sectors
    popularity = np.arange(1, size + 1) ** -recipe.skew
    edges = np.cumsum(popularity) / popularity.sum()
    names = rng.permutation(recipe.num_options).astype(np.int32)[: size * recipe.sectors]
    sector = rng.integers(recipe.sectors, size=recipe.num_needs)

    def draw(rows: NDArray[np.int64], count: int) -> NDArray[np.int32]:
        rank = np.searchsorted(edges, rng.random((len(rows), count)))
        return names[sector[rows, None] * size + np.minimum(rank, size - 1)]

    rows = np.arange(recipe.num_needs)
    table = np.sort(draw(rows, recipe.degree), axis=1)
    while rows.size:
        twice = np.zeros((len(rows), recipe.degree), dtype=bool)
        twice[:, 1:] = table[rows, 1:] == table[rows, :-1]
        mine = twice.any(axis=1)
        rows, twice = rows[mine], twice[mine]
        if rows.size:
            table[rows] = np.sort(np.where(twice, draw(rows, recipe.degree), table[rows]), axis=1)
    return table
