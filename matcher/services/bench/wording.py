"""What the changes of a what-if are called: sentences with the words of a workbook."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from matcher.domain.text import Text
from matcher.files.tables import table_named
from matcher.scoring.explain import FEATURE_TEXTS, GROUP_TEXTS
from matcher.whatif.changes import SetWeights

SCALE_TEXTS: Mapping[str, Text] = MappingProxyType(
    {
        "cost_ceiling": Text("成本上限（年化）", "yearly cost that scores nothing"),
        "slow_workdays": Text("慢的工作日数", "workdays that are slow"),
        "calm_workdays": Text("不紧急的工作日数", "workdays that are calm"),
    }
)
WEIGHT_TEXTS: Mapping[str, Text] = MappingProxyType({**GROUP_TEXTS, **FEATURE_TEXTS, **SCALE_TEXTS})


def in_words(text: Text, data: Mapping[str, Any]) -> Text:
    """Return the sentence of a change with the fields called as in a workbook."""
    if data["kind"] == SetWeights.kind:
        return _weights_in_words(data["values"])
    table = table_named(str(data.get("table", "")))
    if table is None:
        return text
    zh, en = text.zh, text.en
    for column in table.columns:
        name = rf"(?<![\w-]){re.escape(column.field)}(?![\w-])"
        zh, en = re.sub(name, column.text.zh, zh), re.sub(name, column.text.en, en)
    return Text(zh, en)


def _weights_in_words(values: Mapping[str, str]) -> Text:
    told = [Text.same("{n} = {v}").format(n=WEIGHT_TEXTS[n], v=v) for n, v in values.items()]
    return Text("权重 {v}", "weights {v}").format(v=Text.join(told))
