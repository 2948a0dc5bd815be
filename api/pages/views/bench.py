"""The forms of the what-if bench: what is typed for a change, for questions, and their faults."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from sqlmodel import Session

from api.pages.page import Form
from matcher.domain.errors import Fault, MatcherError
from matcher.domain.text import Lang, Text
from matcher.files.tables import TABLES as FILE_TABLES
from matcher.planning.dimensions import DIMENSIONS
from matcher.services.bench.forms import ChangeForm, Kind, Part, fields_of
from matcher.services.bench.kinds import FORMS, OFFERS_FIRST
from matcher.services.bench.naming import suggestions
from matcher.services.bench.wording import WEIGHT_TEXTS
from matcher.services.whatif_asking import Questions

WAYS = (
    ("id", Text("按编号或名称", "by id or name")),
    ("where", Text("按条件", "by a rule")),
    ("all", Text("全部", "all")),
)
LEVERS = (
    ("pool", "capacity", Text("资源池总量", "capacity of a pool")),
    ("product", "quota", Text("产品额度", "quota of a product")),
    ("product", "leads", Text("产品名额", "places of a product")),
    ("product", "rate", Text("产品利率", "rate of a product")),
    ("institution", "leads", Text("机构线索名额", "leads of an institution")),
    ("weight", "", Text("权重", "a weight")),
)
"""What a sweep can move: table, field, what it is called."""

SERVERS = (LEVERS[0], LEVERS[4], LEVERS[2])
"""What the least extra can be asked of."""

QUESTIONS = (
    ("curve", Text("曲线", "A curve")),
    ("least", Text("至少增加多少", "The least extra")),
    ("front", Text("公平与得分", "Fairness and score")),
    ("advice", Text("建议", "Advice")),
)
"""What can be asked beside the changes."""

MOST_POINTS = 12


@dataclass(frozen=True, slots=True)
class OpenForm:
    """The form of a change that is being filled in.

    Parameters
    ----------
    table
        The table that was chosen; None where the change is about none.
    fields
        The fields of that table.
    listed
        Key and name of the records that can be named, by table.
    """

    form: ChangeForm
    table: str | None
    fields: list[tuple[str, Text]]
    listed: Mapping[str, list[tuple[str, str]]]

    def table_of(self, part: Part) -> str | None:
        """Return the table that a part is about."""
        return self.form.table_of(part, self.table)


_CHOOSE = Text(
    "请用一种方式选择记录：按编号或名称、按条件，或全部",
    "choose records in one way: by id or name, by a rule, or all",
)


def open_form(session: Session, kind: str, table: str) -> OpenForm | None:
    """Return the form of a kind of change; None if there is no such kind."""
    form = FORMS.get(kind)
    if form is None:
        return None
    chosen = None
    if form.tables:
        chosen = table if table in form.tables else form.tables[0]
    named = {
        about
        for part in form.parts
        if part.kind in (Kind.RECORDS, Kind.ID)
        and (about := form.table_of(part, chosen)) in OFFERS_FIRST
    }
    listed = {about: suggestions(session, about) for about in sorted(named)}
    is_scaled = any(part.name == "fields" for part in form.parts)
    return OpenForm(form, chosen, fields_of(chosen, is_scaled) if chosen else [], listed)


def typed_of(form: Form) -> dict[str, list[str]]:
    """Return every value of every field that was sent."""
    return {name: form.texts(name) for name in form.fields}


def with_question(asked: Questions, form: Form) -> Questions:
    """Return questions with the one of a form added, or set where there can be one only."""
    kind = form.text("ask")
    if kind == "curve":
        return replace(asked, sweeps=(*asked.sweeps, _sweep_words(form)))
    if kind == "least":
        displace = form.text("displace") == "1"
        return replace(asked, least=(*asked.least, _least_words(form)), displace=displace)
    if kind == "front":
        return replace(asked, front=form.text("front") or None)
    return replace(asked, advice=_whole(form.text("advice")))


def without_question(asked: Questions, kind: str, number: int) -> Questions:
    """Return questions without one; what is not there is away already."""
    if kind == "curve":
        return replace(asked, sweeps=_without(asked.sweeps, number))
    if kind == "least":
        return replace(asked, least=_without(asked.least, number))
    if kind == "front":
        return replace(asked, front=None)
    return replace(asked, advice=0)


def _without(lines: tuple[str, ...], number: int) -> tuple[str, ...]:
    return tuple(line for n, line in enumerate(lines) if n != number)


def _sweep_words(form: Form) -> str:
    """Return a curve that was put together by fields, in one line."""
    points = min(max(_whole(form.text("sweep_points")) or 5, 2), MOST_POINTS)
    lever = _lever(LEVERS, form.text("sweep_lever"), form.text("sweep_id"))
    return f"{lever}={form.text('sweep_low')}:{form.text('sweep_high')}:{points}"


def _least_words(form: Form) -> str:
    """Return which capacity shall serve whom, in one line."""
    lever = _lever(SERVERS, form.text("least_lever"), form.text("least_id"))
    return f"{lever} serves {form.text('least_share')} of {form.text('least_where')}"


def _lever(levers: Sequence[tuple[str, str, Text]], number: str, identity: str) -> str:
    place = _whole(number)
    table, field, _ = levers[place if place < len(levers) else 0]
    return f"{table}:{identity}:{field}" if field else f"{table}:{identity}"


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else 0


@dataclass(frozen=True, slots=True)
class AskedLine:
    """A question that is asked, as a line of a list."""

    kind: str
    number: int
    text: Text


def lines_of(asked: Questions, names: Mapping[str, str]) -> list[AskedLine]:
    """Return the questions that are asked, each in words.

    Parameters
    ----------
    names
        What pools and institutions are called, by their ids.
    """
    found = [AskedLine("curve", n, _curve_text(w, names)) for n, w in enumerate(asked.sweeps)]
    found += [AskedLine("least", n, _least_text(w, names)) for n, w in enumerate(asked.least)]
    if asked.front is not None:
        told = Text("公平与得分的取舍，按{d}", "fairness against score, by {d}")
        found.append(AskedLine("front", 0, told.format(d=DIMENSIONS[asked.front].text)))
    if asked.advice:
        told = Text("给出 {n} 条建议", "advice: the best {n}").format(n=asked.advice)
        found.append(AskedLine("advice", 0, told))
    return found


_CURVE = re.compile(r"(\w+):(.+?)(?::(\w+))?=(.*):(.*):(\d+)")
_SERVES = re.compile(r"(\w+):(.+?)(?::(\w+))? serves (.+?) of (.+)")


def _curve_text(words: str, names: Mapping[str, str]) -> Text:
    found = _CURVE.fullmatch(words)
    if found is None:
        return Text.same(words)
    table, identity, field, low, high, points = found.groups()
    return Text(
        "曲线：{w} {i} 从 {a} 到 {b}，{p} 个点", "curve: {w} {i} from {a} to {b}, {p} points"
    ).format(w=_lever_text(table, field), i=_called(identity, names), a=low, b=high, p=points)


def _least_text(words: str, names: Mapping[str, str]) -> Text:
    found = _SERVES.fullmatch(words)
    if found is None:
        return Text.same(words)
    table, identity, field, share, rule = found.groups()
    return Text(
        "{w} {i} 至少增加多少，才能服务 {s} 的需求（{r}）",
        "the least extra {w} {i} that serves {s} of the needs with {r}",
    ).format(w=_lever_text(table, field), i=_called(identity, names), s=share, r=rule)


def _lever_text(table: str, field: str | None) -> Text:
    return next(
        (text for one, other, text in LEVERS if one == table and other == (field or other)),
        Text.same(table),
    )


def _called(identity: str, names: Mapping[str, str]) -> Text:
    if identity in WEIGHT_TEXTS:
        return WEIGHT_TEXTS[identity]
    return Text("“{n}”", "“{n}”").format(n=names.get(identity, identity))


def faults_of(error: MatcherError, lang: Lang) -> Sequence[Fault]:
    """Return faults of a form under its labels; the place in a file is no news here."""
    return _once(_under_label(fault, lang, None, None) for fault in error.faults)


def faults_of_run(error: MatcherError, lang: Lang) -> Sequence[Fault]:
    """Return why a run failed, under the labels of the forms, with the number of the change."""
    return _once(
        _under_label(fault, lang, _kind_of(fault.sheet, lang), fault.row) for fault in error.faults
    )


def _kind_of(sheet: str | None, lang: Lang) -> str | None:
    form = FORMS.get(sheet or "")
    return sheet if form is None else form.title.of(lang)


def _once(faults: Iterable[Fault]) -> list[Fault]:
    """Return faults, one alone for what is wrong with how records are chosen."""
    found: list[Fault] = []
    for fault in faults:
        if fault.message is not _CHOOSE or all(one.message is not _CHOOSE for one in found):
            found.append(fault)
    return found


def _under_label(fault: Fault, lang: Lang, sheet: str | None, row: int | None) -> Fault:
    place = {"file": None, "sheet": sheet, "row": row, "column": None}
    if fault.field in dict(WAYS) and fault.value is None and fault.expected is not None:
        return Fault(_CHOOSE).at(**place)
    label = _labels().get(fault.field or "")
    return fault.at(field=fault.field if label is None else label.of(lang), **place)


@cache
def _labels() -> dict[str, Text]:
    """Return what the fields of records, of changes and of questions are called."""
    found = {column.field: column.text for table in FILE_TABLES for column in table.columns}
    found |= {part.name: part.label for form in FORMS.values() for part in form.parts if part.name}
    found |= {**dict(WAYS), **WEIGHT_TEXTS}
    found |= {
        "sweep": Text("曲线", "curve"),
        "front": Text("公平与得分", "fairness and score"),
        "least": Text("至少增加多少", "the least extra"),
        "advice": Text("建议", "advice"),
        "name": Text("名称", "name"),
        "baseline": Text("基准", "baseline"),
    }
    return found
