"""What a file can be read as."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import PurePath
from typing import Any

from matcher.domain.errors import Fault, InputError
from matcher.domain.text import Text
from matcher.files.encoding import decode
from matcher.files.questionnaire import Answers, read_answers, read_form_content
from matcher.files.raw import Gathered
from matcher.files.reading import MarketFiles, read_market_content
from matcher.files.sources import strict_json


def _market(content: bytes, name: str) -> MarketFiles:
    return read_market_content(content, name)


def _tables(content: bytes, name: str) -> MarketFiles:
    return read_market_content(content, name, complete=False)


def _questionnaire(content: bytes, name: str, as_of: date) -> Answers:
    if _ending(name) == ".xlsx":
        return read_form_content(content, name, as_of)
    return read_answers(_document(content, name), as_of, name)


def _document(content: bytes, name: str) -> Any:
    """Return what JSON or TOML says, not yet understood: a scenario, an answer."""
    gathered = Gathered()
    text = decode(content, name, gathered)
    parse = {".json": strict_json, ".toml": _toml}.get(_ending(name))
    if parse is None:
        told = ("不是 JSON 或 TOML", "is neither JSON nor TOML")
        gathered.fault(*told, Text.same(".json, .toml"), file=name)
    if gathered.faults or text is None or parse is None:
        raise InputError(gathered.faults)
    try:
        return parse(text)
    except (ValueError, RecursionError, ArithmeticError) as error:
        reason = "nested too deep" if isinstance(error, RecursionError) else f"{error!s:.200}"
        message = Text("无法读取（{e}）", "cannot be read ({e})").format(e=Text.same(reason))
        raise InputError([Fault(message, file=name)]) from None


def _toml(text: str) -> Any:
    return tomllib.loads(text, parse_float=Decimal)


def _ending(name: str) -> str:
    return PurePath(name).suffix.lower()


READERS: Mapping[str, Callable[..., Any]] = {
    "market": _market,
    "tables": _tables,
    "policies": _tables,
    "questionnaire": _questionnaire,
    "document": _document,
}
"""By name: a whole market; some of its tables; a register of policies and their budgets (the
same); a questionnaire, form or JSON, with ``as_of``; JSON or TOML as such.

What needs the engine to be read (an event, a scenario) is read as a document first: parsing it
again then costs no more than it did."""


def warm_up() -> None:
    """Read a little of every kind, so that nothing is imported or opened later."""
    from matcher.files.guard.warming import samples

    for reader, name, content, options in samples():
        try:
            READERS[reader](content, name, **options)
        except InputError:
            continue  # most samples are not whole: what counts is the way to it
