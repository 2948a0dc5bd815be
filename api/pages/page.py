"""A page as a type: who looks at it, in which language, with what in the menu.

``page: Annotated[Page, Depends(page_for(Role.ORGANISER))]``; whoever is not logged in is sent to
the login and comes back afterwards.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.callers import Caller
from api.cookies import session_cookie
from api.deps import SettingsDep
from api.errors import ApiError, ForbiddenError, ForeignPageError
from api.language import preferred_lang
from api.opened import DatabaseDep
from api.pages.navigation import MENU, NUM_SHOWN, PARTS_OF, PREFIX, Entry
from api.pages.notices import NOTICES
from api.pages.rendering import Templates
from matcher.domain.actor import Actor, Role
from matcher.domain.text import Lang, Text
from matcher.services.accounts.csrf import csrf_holds, csrf_token
from matcher.services.accounts.secret import server_secret

LANG_COOKIE = "yinqi_lang"
NOTICE = "notice"
SEE_OTHER = 303
MAX_FIELDS = 400


def page_router(path: str = "") -> APIRouter:
    """Return a router for pages below a path; pages are no part of the API's document."""
    return APIRouter(prefix=f"{PREFIX}{path}", include_in_schema=False)


class LoginNeededError(ApiError):
    """Nobody is logged in: the browser is sent to the login."""

    def __init__(self, path: str) -> None:
        super().__init__(Text("请先登录", "log in first"))
        self.path = path


@dataclass(frozen=True, eq=False, slots=True)
class Page:
    """What every page knows.

    Parameters
    ----------
    token
        The CSRF token of its forms.
    """

    request: Request
    actor: Actor | None
    lang: Lang
    token: str

    @property
    def menu(self) -> tuple[Entry, ...]:
        """The menu of whoever looks."""
        return () if self.actor is None else MENU[self.actor.role]

    @property
    def place(self) -> str:
        """The path of the entry under which this page stands."""
        place = "/".join(self.request.url.path.split("/")[:3])
        return PARTS_OF.get(place, place)

    @property
    def menu_shown(self) -> tuple[Entry, ...]:
        """What of the menu stands in the bar."""
        return self.menu[:NUM_SHOWN]

    @property
    def menu_folded(self) -> tuple[Entry, ...]:
        """What of the menu is folded under one word."""
        return self.menu[NUM_SHOWN:]

    @property
    def back(self) -> str:
        """The address of this page, to come back to."""
        url = self.request.url
        return url.path + (f"?{url.query}" if url.query else "")

    def render(self, name: str, status: int = 200, **values: Any) -> HTMLResponse:
        """Render a template with what every page knows."""
        templates: Templates = self.request.app.state.templates
        common = {
            "page": self,
            "path": self.request.url.path,
            "page_lang": self.lang,
            "notices": NOTICES,
            "notice": self.request.query_params.get(NOTICE, "")[:60],
        }
        return templates.render(name, self.lang, common | values, status)


def page_lang(request: Request) -> Lang:
    """Return the language of a page: as chosen on a page, else as the browser asks."""
    chosen = request.cookies.get(LANG_COOKIE)
    if chosen in tuple(Lang):
        return Lang(chosen)
    return preferred_lang(request.headers.get("accept-language"))


def any_page(
    request: Request, caller: Caller, database: DatabaseDep, settings: SettingsDep
) -> Page:
    """Return a page for whoever looks, also for nobody."""
    token = session_cookie(request, settings)
    signed = "" if token is None else csrf_token(server_secret(database), token)
    return Page(request, caller, page_lang(request), signed)


AnyPage = Annotated[Page, Depends(any_page)]


def page_for(*roles: Role) -> Callable[[AnyPage], Page]:
    """Return a dependency that shows a page to some roles.

    Raises
    ------
    LoginNeededError
        If nobody is logged in.
    ForbiddenError
        If the page is not for the role.
    """

    def allowed(page: AnyPage) -> Page:
        if page.actor is None:
            query = page.request.url.query
            raise LoginNeededError(page.request.url.path + (f"?{query}" if query else ""))
        if page.actor.role not in roles:
            raise ForbiddenError
        return page

    allowed.roles = frozenset(roles)  # type: ignore[attr-defined]
    return allowed


OfficePage = Annotated[
    Page, Depends(page_for(Role.ORGANISER, Role.STAFF, Role.AUDITOR, Role.ADMIN))
]
OrganiserPage = Annotated[Page, Depends(page_for(Role.ORGANISER, Role.ADMIN))]
AnalystPage = Annotated[Page, Depends(page_for(Role.ORGANISER, Role.STAFF, Role.ADMIN))]
BankPage = Annotated[Page, Depends(page_for(Role.BANK))]
FirmPage = Annotated[Page, Depends(page_for(Role.ENTERPRISE))]
SomebodysPage = Annotated[Page, Depends(page_for(*Role))]


def actor_of(page: Page) -> Actor:
    """Return who looks at a page that is shown to nobody who is not logged in."""
    assert page.actor is not None
    return page.actor


async def posted(
    request: Request, page: AnyPage, database: DatabaseDep, settings: SettingsDep
) -> AsyncIterator[Form]:
    """Give the fields of a form that one of our own pages of this session sent; then close files.

    Raises
    ------
    ForeignPageError
        If it lacks the token of the session.
    """
    async with request.form(max_files=1, max_fields=MAX_FIELDS) as data:
        form = Form({name: value for name, value in data.multi_items()}, data)
        session, token = session_cookie(request, settings), form.text("csrf")
        if session is not None and not csrf_holds(server_secret(database), session, token):
            raise ForeignPageError
        yield form


@dataclass(frozen=True, eq=False, slots=True)
class Form:
    """The fields of a form."""

    fields: dict[str, Any]
    data: Any

    def text(self, name: str) -> str:
        """Return a field's text without blanks around it; empty where there is none."""
        value = self.fields.get(name, "")
        return value.strip() if isinstance(value, str) else ""

    def texts(self, name: str) -> list[str]:
        """Return all values of a field that may be there more than once."""
        return [value for value in self.data.getlist(name) if isinstance(value, str)]

    def file(self, name: str) -> Any:
        """Return an uploaded file, None if there is none."""
        value = self.fields.get(name)
        return None if value is None or isinstance(value, str) else value


PostedForm = Annotated[Form, Depends(posted)]


def go(path: str, notice: str | None = None) -> Response:
    """Send the browser on after a form was taken.

    Parameters
    ----------
    path
        Where to, from `PREFIX` on.
    notice
        The name of a notice to show there.
    """
    query = "" if notice is None else f"?{urlencode({NOTICE: notice})}"
    return RedirectResponse(f"{PREFIX}{path}{query}", SEE_OTHER)
