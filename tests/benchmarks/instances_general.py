"""Seeded instances with several contacts, quotas in units and fen, and bank limits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.assign import Floor
from tests.benchmarks.instances import Recipe, make

WAN_FEN = 1_000_000
"""Fen in 10,000 yuan."""


@dataclass(frozen=True)
class GeneralRecipe:
    """How to make an instance with general pools.

    Parameters
    ----------
    base
        Sizes, skew and score levels; ``base.share`` is the share of demand that all quotas
        together cover, in contacts and in fen.
    contacts
        The most contacts of a need.
    bank_size
        Options of one bank, on average.
    bank_share
        The limit of a bank over the sum of the limits of its options.
    one_per_bank
        Whether a need takes at most one option of a bank.
    quality
        The part of a score that all needs agree on; it makes greedy plans bad.
    floors
        Needs fall into so many classes, of each of which a floor wants ``floor_share`` met, and the
        first bank in ten is promised as many leads as its options have places; each that lacks
        costs half of the largest score.
    """

    base: Recipe
    contacts: int = 3
    bank_size: int = 10
    bank_share: float = 0.9
    one_per_bank: bool = False
    quality: float = 0.0
    floors: int = 0
    floor_share: float = 0.9


GENERAL: dict[str, GeneralRecipe] = {
    "tiny": GeneralRecipe(Recipe(1_000, 40, 20, skew=0.5)),
    "district": GeneralRecipe(
        Recipe(1_342, 240, 34, skew=0.6, share=0.4), contacts=4, bank_share=0.6, one_per_bank=True
    ),
    "small": GeneralRecipe(Recipe(10_000, 200, 50, skew=0.5)),
    "middle": GeneralRecipe(Recipe(100_000, 1_000, 50, skew=0.5)),
    "middle-banks": GeneralRecipe(Recipe(100_000, 1_000, 50, skew=0.5), one_per_bank=True),
    "middle-ties": GeneralRecipe(Recipe(100_000, 1_000, 50, skew=0.5, levels=100)),
    "district-quality": GeneralRecipe(
        Recipe(1_342, 240, 34, skew=0.6, share=0.4),
        contacts=4,
        bank_share=0.6,
        one_per_bank=True,
        quality=0.6,
    ),
    "middle-quality": GeneralRecipe(Recipe(100_000, 1_000, 50, skew=0.5), quality=0.6),
    "small-floors": GeneralRecipe(Recipe(10_000, 200, 50, skew=0.5), floors=4),
    "middle-floors": GeneralRecipe(Recipe(100_000, 1_000, 50, skew=0.5), floors=4),
    "large": GeneralRecipe(Recipe(1_000_000, 5_000, 20, skew=0.5)),
}
"""Every instance of the benchmark by its name."""


def make_general(recipe: GeneralRecipe, seed: int = 0) -> dict[str, Any]:
    """Return the arguments of ``Problem.from_arrays``; the same seed makes the same bytes."""
    base = replace(recipe.base, share=recipe.base.share * recipe.contacts)
    instance = make(base, seed)
    rng = np.random.default_rng([seed, 1])
    wanted = _amounts(base.num_needs, rng)
    group = np.sort(np.arange(base.num_options) // recipe.bank_size).astype(np.int32)
    group = rng.permutation(group)
    limit = np.bincount(group, instance.option_limit) * recipe.bank_share
    quota = base.share * wanted.sum() / base.num_options * rng.uniform(0.5, 1.5, base.num_options)
    shared = rng.random(base.num_options)[instance.option]
    weight = (1 - recipe.quality) * instance.weight + recipe.quality * shared
    return {
        **instance.arguments(),
        "weight": weight.astype(np.float32),
        "need_limit": recipe.contacts,
        "amount": wanted[instance.need],
        "option_quota": quota.astype(np.int64),
        "group": group,
        "group_limit": limit.astype(np.int64),
        "one_per_group": recipe.one_per_bank,
        "floors": _floors(recipe, group, instance.option_limit, rng) if recipe.floors else (),
    }


def _floors(
    recipe: GeneralRecipe,
    group: NDArray[np.int32],
    places: NDArray[np.int64],
    rng: np.random.Generator,
) -> list[Floor]:
    size_class = rng.integers(recipe.floors, size=recipe.base.num_needs)
    floors = []
    for k in range(recipe.floors):
        needs = np.flatnonzero(size_class == k)
        floors.append(Floor(needs=needs, least=int(recipe.floor_share * len(needs)), penalty=0.5))
    for bank in range(0, int(group.max()) + 1, 10):
        options = np.flatnonzero(group == bank)
        least = int(recipe.bank_share * places[options].sum())
        floors.append(Floor(options=options, least=least, penalty=0.5))
    return floors


def _amounts(num_needs: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return ``(num_needs,)`` fen in steps of 100,000 yuan, most from 500,000 to 20 million."""
    wan = 10 * np.ceil(np.exp(rng.normal(5.5, 1.0, num_needs)) / 10)
    return np.minimum(wan, 5_000).astype(np.int64) * WAN_FEN
