"""The form of a call, and the timeline of who pays when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from api.pages.page import Form
from api.pages.views.charts import bar_px, broken
from matcher.domain.choices import Instrument, Purpose
from matcher.domain.errors import Fault, InputError
from matcher.domain.text import Lang, Text
from matcher.files.columns import Column
from matcher.files.questionnaire import ENTERPRISE, NEED
from matcher.services.costing.reading import Reader
from matcher.services.urgent_case.calling import Call
from matcher.services.urgent_case.case import UrgentCase

LABELS = {
    "firm": Text("企业", "Firm"),
    "amount": Text("需要金额", "Amount needed"),
    "needed_by": Text("最晚到账日", "Needed by"),
    "purpose": Text("用途", "What for"),
    "instruments": Text("可接受的方式", "What the firm accepts"),
}
FIRM_FACTS = ("region", "industry", "stated_size", "staff", "founded", "tax_grade")
NEED_FACTS = ("term_months", "collateral")
"""What need not be asked, and makes offers certain that depend on it."""

OFFERED = (
    Instrument.LOAN,
    Instrument.BRIDGE,
    Instrument.GUARANTEE,
    Instrument.INSURANCE,
    Instrument.EQUITY,
    Instrument.GRANT,
)
USUAL = ("loan", "bridge", "guarantee")
"""Ticked before anybody says otherwise."""

MAX_BARS = 24
_IN_TIME, _LATE = "#0f8a80", "#c8741a"
_DAY_MS = 86_400_000
_ROOM_PX = 140


def call_of(form: Form, today: date, lang: Lang) -> Call:
    """Read the form of a call.

    Raises
    ------
    InputError
        With every fault, each under the label of its field.
    """
    labels = {name: label.of(lang) for name, label in LABELS.items()}
    reader = Reader(lambda name: labels.get(name, name))
    firm = form.text("firm")
    if not firm:
        _need(reader, "firm", Text("企业名称、编号或信用代码", "its name, id or credit code"))
    amount_fen = reader.money("amount_fen", "amount", form.text("amount"))
    if amount_fen <= 0:
        _need(reader, "amount", Text("大于 0 的金额", "an amount above 0"))
    needed_by = reader.day("needed_by", "needed_by", form.text("needed_by"))
    if date.min < needed_by < today:
        _need(reader, "needed_by", Text("今天或以后", "today or later"))
    purpose = reader.choice("purpose", "purpose", form.text("purpose"), Purpose)
    accepted = frozenset(one for one in OFFERED if one.value in form.texts("instruments"))
    if not accepted:
        _need(reader, "instruments", Text("至少一种", "at least one"))
    reader.raise_if_any()
    return Call(
        firm=firm,
        amount_fen=amount_fen,
        needed_by=needed_by,
        purpose=purpose,
        instruments=accepted,
        agrees=form.text("agrees") == "1",
        firm_facts=_said(form, FIRM_FACTS),
        need_facts=_said(form, NEED_FACTS),
    )


def _said(form: Form, names: tuple[str, ...]) -> dict[str, str]:
    return {name: form.text(name) for name in names if form.text(name)}


def facts() -> list[Column]:
    """Return the columns of what need not be asked, with their labels and notes."""
    firm = [ENTERPRISE.table.column(name) for name in FIRM_FACTS]
    return firm + [NEED.table.column(name) for name in NEED_FACTS]


def _need(reader: Reader, name: str, expected: Text) -> None:
    fault = Fault(Text("取值不可用", "cannot be used"), reader.called(name), expected=expected)
    reader.faults.append(fault)


def faults_of(error: InputError, lang: Lang) -> Sequence[Fault]:
    """Return the faults of a call, under the labels of the form."""
    labels = {column.field: column.text.of(lang) for column in facts()}
    return [
        fault.at(
            file=None,
            sheet=None,
            column=None,
            field=labels.get(fault.field or fault.column or "", fault.field),
        )
        for fault in error.faults
    ]


def timeline(case: UrgentCase, lang: Lang) -> dict[str, Any] | None:
    """Return when each offer pays as a Plotly figure, with the deadline; None without any."""
    dated = [o for o in case.offers if o.cash_date is not None][:MAX_BARS]
    late = case.table.too_slow[: MAX_BARS - len(dated)]
    if not dated and not late:
        return None
    bars = [
        _bars(
            Text("能按期", "in time").of(lang),
            _IN_TIME,
            case.today,
            [
                (_named(o.pair.institution.text, o.pair.product.text, lang), o.cash_date)
                for o in dated
            ],
        ),
        _bars(
            Text("太慢", "too slow").of(lang),
            _LATE,
            case.today,
            [(_named(o.institution.text, o.product.text, lang), o.cash_date) for o in late],
        ),
    ]
    return {
        "data": [bar for bar in bars if bar["y"]],
        "layout": _layout(case, [label for bar in bars for label in bar["y"]], lang),
    }


def _named(institution: Text, product: Text, lang: Lang) -> str:
    return broken(f"{institution.of(lang)} · {product.of(lang)}")


def _bars(
    name: str, color: str, today: date, ends: Iterable[tuple[str, date | None]]
) -> dict[str, Any]:
    rows = [(label, end) for label, end in ends if end is not None]
    return {
        "type": "bar",
        "orientation": "h",
        "name": name,
        "marker": {"color": color},
        "y": [label for label, _ in rows],
        "base": [today.isoformat()] * len(rows),
        # A day that has come at once still has a bar.
        "x": [max((end - today).days, 0.3) * _DAY_MS for _, end in rows],
        "cliponaxis": False,
        "text": [end.isoformat() for _, end in rows],
        "hovertemplate": "%{y}<br>%{text}<extra></extra>",
    }


def _layout(case: UrgentCase, labels: Sequence[str], lang: Lang) -> dict[str, Any]:
    layout: dict[str, Any] = {
        "height": _ROOM_PX + bar_px(labels) * len(labels),
        "xaxis": {"type": "date", "tickformat": "%Y-%m-%d"},
        "margin": {"l": 56, "r": 88, "t": 40, "b": 48},
        "yaxis": {"autorange": "reversed", "type": "category"},
        "showlegend": True,
    }
    deadline = case.waiting.urgency.need.needed_by
    if deadline is not None:
        end = (deadline + timedelta(days=1)).isoformat()
        line = {"type": "line", "yref": "paper", "x0": end, "x1": end, "y0": 0, "y1": 1}
        layout["shapes"] = [line | {"line": {"color": "#b3261e", "width": 3, "dash": "dash"}}]
        text = Text("{d} 截止", "due {d}").format(d=deadline).of(lang)
        note = {"x": end, "y": 1, "yref": "paper", "yanchor": "bottom", "showarrow": False}
        layout["annotations"] = [note | {"text": text}]
    return layout
