"""Where output goes: people's text and tables, or one JSON document on stdout."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from threading import Timer
from typing import Any, NoReturn

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from matcher.domain.errors import Fault, MatcherError
from matcher.domain.text import Lang, Text

DONE, CHECK_FAILED, BAD_INPUT = 0, 1, 2
MAX_FAULTS_SHOWN = 50
PIPE_WIDTH = 180


def default_lang() -> Lang:
    """Return the language that MATCHER_LANG asks for; Chinese without it."""
    asked = os.environ.get("MATCHER_LANG", Lang.ZH)
    return Lang(asked) if asked in tuple(Lang) else Lang.ZH


@dataclass(frozen=True)
class Output:
    """Says things in one language; with ``as_json`` stdout is kept for the document."""

    lang: Lang
    as_json: bool = False

    @cached_property
    def console(self) -> Console:
        """Where people read: stdout, or stderr where stdout is the document's."""
        console = Console(stderr=self.as_json, highlight=False)
        if not console.is_terminal and "COLUMNS" not in os.environ:
            console.width = PIPE_WIDTH
        return console

    def say(self, text: Text | str, style: str | None = None) -> None:
        """Print one sentence."""
        words = text.of(self.lang) if isinstance(text, Text) else text
        self.console.print(escape(words), style=style, soft_wrap=True)

    def document(self, content: Any) -> None:
        """Print the one JSON document, if that is what was asked for."""
        if self.as_json:
            print(json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False))

    def faults(self, error: MatcherError) -> None:
        """Print every fault of an error on stderr, and as the document where one was asked."""
        console = Console(stderr=True, highlight=False)
        num = len(error.faults)
        title = Text(f"有 {num} 处错误：", f"{num} fault(s):")
        console.print(title.of(self.lang), style="bold red", soft_wrap=True)
        for fault in error.faults[:MAX_FAULTS_SHOWN]:
            console.print(f"- {escape(fault.sentence(self.lang))}", soft_wrap=True)
        if num > MAX_FAULTS_SHOWN:
            more = Text("……其余 {n} 处见 --json", "… and {n} more (--json lists all)")
            console.print(more.format(n=num - MAX_FAULTS_SHOWN).of(self.lang))
        self.document({"error": [fault_document(f) for f in error.faults]})

    def leave(self, code: int) -> NoReturn:
        """End the command with an exit code."""
        raise typer.Exit(code)

    @contextmanager
    def quiet_stdout(self) -> Iterator[None]:
        """Send to stderr what libraries write to stdout behind Python's back.

        HiGHS prints a line of its own on some problems; it must not end up in the document.
        """
        sys.stdout.flush()
        kept = os.dup(1)
        os.dup2(2, 1)
        try:
            yield
        finally:
            os.dup2(kept, 1)
            os.close(kept)

    @contextmanager
    def progress(self) -> Iterator[Progress]:
        """Show a progress bar for what takes longer than a second, on a terminal only."""
        columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
        bar = Progress(*columns, console=Console(stderr=True), transient=True)
        timer = Timer(1.0, bar.start)
        timer.daemon = True
        if bar.console.is_terminal:
            timer.start()
        try:
            yield bar
        finally:
            timer.cancel()
            if bar.live.is_started:  # else rich would print an empty line
                bar.stop()


def fault_document(fault: Fault) -> dict[str, Any]:
    """Return a fault as JSON values."""
    expected = fault.expected
    return {
        "message": text_document(fault.message),
        "file": fault.file,
        "sheet": fault.sheet,
        "row": fault.row,
        "column": fault.column,
        "field": fault.field,
        "value": None if fault.value is None else str(fault.value),
        "expected": None if expected is None else text_document(expected),
    }


def text_document(text: Text) -> dict[str, str]:
    """Return a sentence as JSON values."""
    return {"zh": text.zh, "en": text.en}
