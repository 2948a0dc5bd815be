"""The option that every command has; apart from `options`, which imports the engine."""

from __future__ import annotations

from typing import Annotated

import typer

from matcher.domain.text import Lang

Language = Annotated[Lang | None, typer.Option("--lang", help="语言 / zh or en (or MATCHER_LANG)")]
