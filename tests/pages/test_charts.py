"""What stands beside the bars of a chart has room."""

from __future__ import annotations

import pytest

from api.pages.views.charts import bar_px, broken

LONG = "Binjiang Science and Technology Financial Service Centre · Financial consultant's plan"


@pytest.mark.parametrize("label", ["示例银行甲 · 示例流水贷", LONG, "滨江区科技金融服务中心" * 4])
def test_a_bar_is_as_high_as_the_lines_beside_it(label: str) -> None:
    """A line of a chart's letters is 12 px and what is between lines: none lies over the next."""
    lines = broken(label).split("<br>")
    assert "".join(lines).replace(" ", "") == label.replace(" ", "")
    assert bar_px(["one", broken(label)]) >= 15.6 * len(lines)


def test_bars_with_short_names_are_of_one_height() -> None:
    """One line or none at all makes no difference."""
    assert bar_px([]) == bar_px(["one"]) == bar_px(["one", "two"])
