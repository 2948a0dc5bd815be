"""The bar of what-if: what it says in a stage, inside a long solve and from step to step."""

from __future__ import annotations

import pytest
from rich.progress import Progress

from matcher.cli.whatif_bar import WhatIfBar
from matcher.domain.text import Lang
from matcher.services.whatif import ASKING, BASELINE, SCENARIO

SAID = {
    Lang.EN: [
        "solving the scenario",
        "solving the scenario: objective 7.0000, bound –, gap –",
        "solving the scenario: objective –, bound 9.5000, gap –",
        "solving the scenario: objective 8.0000, bound 9.0000, gap 11.11%",
        "solving point by point 3/8",
    ],
    Lang.ZH: [
        "求解情景",
        "求解情景：目标值 7.0000，上界 –，差距 –",
        "求解情景：目标值 –，上界 9.5000，差距 –",
        "求解情景：目标值 8.0000，上界 9.0000，差距 11.11%",
        "求解各点 3/8",
    ],
}


@pytest.mark.parametrize("lang", list(Lang))
def test_the_bar_shows_incumbent_bound_and_gap_and_then_steps(lang: Lang) -> None:
    """In either language, each in the stage that it belongs to."""
    progress = Progress(disable=True)
    bar = WhatIfBar(progress, lang)
    watch, said = bar.watch(lambda: True), list[str]()

    def note() -> None:
        said.append(progress.tasks[0].description)

    watch.stage(BASELINE)
    watch.stage(SCENARIO)
    note()
    assert watch.progress(7.0, float("inf"))
    note()
    assert watch.progress(None, 9.5)
    note()
    assert watch.progress(8.0, 9.0)
    note()
    watch.stage(ASKING)
    watch.step(3, 8)
    note()
    assert said == SAID[lang]
    assert (progress.tasks[0].completed, progress.tasks[0].total) == (3, 8)
