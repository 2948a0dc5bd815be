"""Templates and the one function that renders them: all text escaped, all names known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from api.pages import filters
from api.pages.catalogue import read_catalogue
from api.pages.views.faults import show_fault
from matcher.domain.text import Lang

FOLDER = Path(__file__).parent.parent / "templates"
PAGE_POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "frame-ancestors 'none'; form-action 'self'; base-uri 'none'"
)
"""Nothing from elsewhere and no script in a page; charts put styles into theirs."""


@dataclass(frozen=True, eq=False, slots=True)
class Templates:
    """The templates, one environment for each language."""

    environments: Mapping[Lang, Environment]

    def render(
        self, name: str, lang: Lang, values: Mapping[str, Any], status: int = 200
    ) -> HTMLResponse:
        """Render a template into an answer."""
        content = self.environments[lang].get_template(name).render(values)
        headers = {
            "Content-Security-Policy": PAGE_POLICY,
            "Content-Language": lang.value,
            "Vary": "Cookie, Accept-Language",
        }
        return HTMLResponse(content, status, headers)


def load_templates() -> Templates:
    """Read the catalogues and prepare the templates; called when an app is put together."""
    return Templates({lang: _environment(lang) for lang in Lang})


def _environment(lang: Lang) -> Environment:
    words = read_catalogue(lang)
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda key: words.get(key, key),
        ngettext=lambda one, many, n: words.get(one if n == 1 else many, one if n == 1 else many),
        newstyle=True,
    )
    environment.globals["lang"] = lang.value
    environment.filters |= {
        "t": partial(filters.show_text, lang=lang),
        "after": partial(filters.show_after, lang=lang),
        "coded": partial(filters.show_code, lang=lang),
        "listed": partial(filters.show_list, lang=lang),
        "phrases": partial(filters.show_phrases, lang=lang),
        "named": partial(filters.show_name, lang=lang),
        "purpose": partial(filters.show_purpose, lang=lang),
        "money": partial(filters.show_money, lang=lang),
        "rate": partial(filters.show_rate, lang=lang),
        "percent": filters.show_percent,
        "day": filters.show_day,
        "moment": filters.show_moment,
        "share": filters.show_share,
        "fault": partial(show_fault, lang=lang),
    }
    return environment
