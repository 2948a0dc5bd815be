"""Shapes of JSON values: each is a function that yields what is wrong with a value.

A shape never raises, whatever the value; it goes no deeper than it was written to go.
"""

from __future__ import annotations

import re
import reprlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, TypeAlias

from matcher.verify.claim import Finding

Shape: TypeAlias = Callable[[object, str], Iterator[Finding]]
"""Takes a value and the path to it."""

LARGEST_INT = 2**63 - 1
LARGEST_NUMBER = 1e18
"""No number of a plan is larger; sums and products of such numbers stay finite."""


def wrong(path: str, value: object, zh: str, en: str) -> Finding:
    """Return the finding that a value is not what it should be."""
    shown = reprlib.repr(value)
    return Finding("shape", f"{path} = {shown}，应为{zh}", f"{path} = {shown} should be {en}")


def whole(low: int = 0, high: int = LARGEST_INT) -> Shape:
    """Accept an integer between two bounds; true and false are none."""

    def check(value: object, path: str) -> Iterator[Finding]:
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            limits = f"{low} … {high}"
            yield wrong(path, value, f"整数 {limits}", f"an integer, {limits}")

    return check


def number(low: float = -LARGEST_NUMBER, high: float = LARGEST_NUMBER) -> Shape:
    """Accept a finite number between two bounds."""

    def check(value: object, path: str) -> Iterator[Finding]:
        holds = isinstance(value, int | float) and not isinstance(value, bool)
        # NaN compares false with everything, infinity is beyond every bound.
        if not holds or not low <= value <= high:  # type: ignore[operator]
            limits = f"{low:g} … {high:g}"
            yield wrong(path, value, f"数 {limits}", f"a number, {limits}")

    return check


def text(least: int = 0, most: int = 100_000) -> Shape:
    """Accept text of a length between two bounds."""

    def check(value: object, path: str) -> Iterator[Finding]:
        if not isinstance(value, str) or not least <= len(value) <= most:
            limits = f"{least} … {most}"
            yield wrong(path, value, f"长 {limits} 的文本", f"text of length {limits}")

    return check


def pattern(expression: str, zh: str, en: str) -> Shape:
    """Accept text that a regular expression matches as a whole."""
    compiled = re.compile(expression, re.ASCII)

    def check(value: object, path: str) -> Iterator[Finding]:
        if not isinstance(value, str) or not compiled.fullmatch(value):
            yield wrong(path, value, zh, en)

    return check


def one_of(*words: str) -> Shape:
    """Accept one of some words."""

    def check(value: object, path: str) -> Iterator[Finding]:
        if not isinstance(value, str) or value not in words:
            listed = ", ".join(words)
            yield wrong(path, value, f"{listed} 之一", f"one of {listed}")

    return check


def flag(value: object, path: str) -> Iterator[Finding]:
    """Accept true and false."""
    if not isinstance(value, bool):
        yield wrong(path, value, "true 或 false", "true or false")


def day(value: object, path: str) -> Iterator[Finding]:
    """Accept a day as YYYY-MM-DD."""
    if not isinstance(value, str) or as_day(value) is None:
        yield wrong(path, value, "日期 YYYY-MM-DD", "a day, YYYY-MM-DD")


def as_day(value: str) -> date | None:
    """Return the day that YYYY-MM-DD names, None if it names none."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def maybe(shape: Shape) -> Shape:
    """Accept null and what the shape accepts."""

    def check(value: object, path: str) -> Iterator[Finding]:
        if value is not None:
            yield from shape(value, path)

    return check


def many(shape: Shape, least: int = 0) -> Shape:
    """Accept a list whose items all have the shape."""

    def check(value: object, path: str) -> Iterator[Finding]:
        if not isinstance(value, list) or len(value) < least:
            yield wrong(path, value, f"至少 {least} 项的列表", f"a list of at least {least}")
            return
        for index, item in enumerate(value):
            yield from shape(item, f"{path}[{index}]")

    return check


def table(shape: Shape, least: int = 0) -> Shape:
    """Accept an object with keys of any name whose values all have the shape."""

    def check(value: object, path: str) -> Iterator[Finding]:
        if not isinstance(value, dict) or len(value) < least:
            yield wrong(path, value, f"至少 {least} 项的对象", f"an object of at least {least}")
            return
        for key, item in value.items():
            yield from shape(item, f"{path}.{reprlib.repr(key)}")

    return check


def record(**shapes: Shape) -> Shape:
    """Accept an object with exactly these keys, each with its shape."""

    def check(value: object, path: str) -> Iterator[Finding]:
        if not isinstance(value, dict):
            yield wrong(path, value, "对象", "an object")
            return
        yield from _key_findings(value, tuple(shapes), path)
        for key, shape in shapes.items():
            if key in value:
                yield from shape(value[key], f"{path}.{key}" if path else key)

    return check


def _key_findings(
    value: Mapping[str, Any], expected: Sequence[str], path: str
) -> Iterator[Finding]:
    place = path or "/"
    for key in (k for k in expected if k not in value):
        yield Finding("shape", f"{place} 缺少 {key}", f"{place} lacks {key}")
    for key in (k for k in value if k not in expected):
        shown = reprlib.repr(key)
        yield Finding("shape", f"{place} 有未知的 {shown}", f"{place} has an unknown {shown}")


def fields(required: Mapping[str, Shape], optional: Mapping[str, Shape]) -> Shape:
    """Accept an object that has some keys and may have others; unnamed ones are not looked at."""

    def check(value: object, path: str) -> Iterator[Finding]:
        if not isinstance(value, dict):
            yield wrong(path, value, "对象", "an object")
            return
        for key in (k for k in required if k not in value):
            yield Finding("shape", f"{path} 缺少 {key}", f"{path} lacks {key}")
        for key, shape in {**required, **optional}.items():
            if key in value:
                yield from shape(value[key], f"{path}.{key}")

    return check
