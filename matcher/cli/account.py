"""`matcher account`: who may log in, kept by whoever has the database in hand.

Passwords are typed or read from standard input, never given as an argument: arguments are seen
by all users of a machine.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Any

import typer

from matcher.cli.db import DEFAULT_URL, Url
from matcher.cli.language import Language
from matcher.cli.output import Output, default_lang
from matcher.cli.tables import add_row, new_table
from matcher.cli.worker import require_current
from matcher.domain.actor import Role
from matcher.domain.errors import Fault, InputError
from matcher.domain.text import Text
from matcher.store import Database, open_database
from matcher.store.types import SHANGHAI

Login = Annotated[str, typer.Argument(help="登录名 / name to log in with")]
Random = Annotated[
    bool, typer.Option("--random", help="随机密码，只显示一次 / a random password, shown once")
]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON / one JSON document")]
_SHOWN_ONCE = Text("密码 {p}（只显示一次）", "password {p} (shown this once)")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(help="账号 / accounts of the service", no_args_is_help=True)
    group.command("create", help="新建账号 / make an account")(create)
    group.command("list", help="账号列表 / list the accounts")(list_all)
    group.command("password", help="重设密码 / give an account another password")(set_password)
    group.command("deactivate", help="停用账号 / end all that lets it in")(deactivate)
    app.add_typer(group, name="account")


def create(
    login: Login,
    role: Annotated[Role, typer.Option("--role", help="角色 / what it may do")],
    name: Annotated[str | None, typer.Option("--name", help="名称 / what people call it")] = None,
    institution: Annotated[
        str | None, typer.Option("--institution", help="银行账号所属机构的编号 / id in the market")
    ] = None,
    enterprise: Annotated[
        str | None, typer.Option("--enterprise", help="企业账号所属企业的编号 / id in the market")
    ] = None,
    random: Random = False,
    database: Url = DEFAULT_URL,
    as_json: AsJson = False,
    lang: Language = None,
) -> None:
    """Make an account; a bank's speaks for an institution, an enterprise's for a firm."""
    from matcher.services.accounts.by_hand import enterprise_named, institution_named
    from matcher.services.accounts.managing import AccountDraft, create_account

    with _opened(database) as opened:
        password = None if random else _typed_password()
        with opened.writing() as session:
            draft = AccountDraft(
                login=login,
                name=name or login,
                role=role,
                institution_id=institution_named(session, institution),
                enterprise_id=enterprise_named(session, enterprise),
                password=password,
            )
            made = create_account(session, draft, _now())
    told = Text("已建账号 {l}", "made {l}").format(l=made.row.login)
    _tell(Output(lang or default_lang(), as_json), told, made.row.login, made.password)


def list_all(database: Url = DEFAULT_URL, as_json: AsJson = False, lang: Language = None) -> None:
    """List the accounts, by login."""
    from matcher.services.accounts.by_hand import all_accounts, keys_of
    from matcher.store.tables import EnterpriseRow, InstitutionRow

    with _opened(database) as opened, opened.reading() as session:
        rows = all_accounts(session)
        banks, firms = keys_of(session, InstitutionRow), keys_of(session, EnterpriseRow)
    entries = [
        {
            "login": row.login,
            "name": row.name,
            "role": row.role,
            "institution": banks.get(row.institution_id) if row.institution_id else None,
            "enterprise": firms.get(row.enterprise_id) if row.enterprise_id else None,
            "is_active": row.is_active,
        }
        for row in rows
    ]
    output = Output(lang or default_lang(), as_json)
    output.document({"accounts": entries})
    if not as_json:
        _show(output, entries)


def set_password(
    login: Login,
    random: Random = False,
    database: Url = DEFAULT_URL,
    as_json: AsJson = False,
    lang: Language = None,
) -> None:
    """Give an account another password and end its sessions."""
    from matcher.services.accounts.by_hand import BY_HAND, account_named
    from matcher.services.accounts.managing import reset_password

    with _opened(database) as opened:
        with opened.reading() as session:
            account_id = account_named(session, login).id
        password = None if random else _typed_password()
        with opened.writing() as session:
            made = reset_password(session, BY_HAND, account_id, _now(), password)
    told = Text("{l} 的密码已改", "{l} has another password").format(l=login)
    _tell(Output(lang or default_lang(), as_json), told, login, made)


def deactivate(login: Login, database: Url = DEFAULT_URL, lang: Language = None) -> None:
    """Let an account in no more; its sessions and keys end at once."""
    from matcher.services.accounts.by_hand import BY_HAND, account_named
    from matcher.services.accounts.managing import AccountChange, change_account

    with _opened(database) as opened, opened.writing() as session:
        account_id = account_named(session, login).id
        change_account(session, BY_HAND, account_id, AccountChange(is_active=False), _now())
    told = Text("{l} 已停用", "{l} is deactivated").format(l=login)
    Output(lang or default_lang()).say(told)


@contextmanager
def _opened(url: str) -> Iterator[Database]:
    database = open_database(url)
    try:
        require_current(database)
        yield database
    finally:
        database.close()


def _now() -> datetime:
    return datetime.now(SHANGHAI)


def _typed_password() -> str:
    """Return the password that is typed twice at a terminal, else the first line of input."""
    if sys.stdin.isatty():
        typed: str = typer.prompt("密码 / password", hide_input=True, confirmation_prompt=True)
        return typed
    line = sys.stdin.readline().rstrip("\r\n")
    if not line:
        message = Text("标准输入中没有密码", "standard input holds no password")
        raise InputError([Fault(message, "password", None, Text.same("--random"))])
    return line


def _tell(output: Output, done: Text, login: str, password: str | None) -> None:
    """Say what was done; a password that was made is said here and nowhere else."""
    output.document({"login": login, "password": password})
    if output.as_json:
        return
    output.say(done)
    if password is not None:
        output.say(_SHOWN_ONCE.format(p=password))


def _show(output: Output, entries: list[dict[str, Any]]) -> None:
    headers = ("登录名/login", "名称/name", "角色/role", "所属/speaks for", "状态/state")
    names = [Text(*header.split("/")) for header in headers]
    table = new_table(output, Text("账号", "Accounts"), *names)
    for entry in entries:
        state = Text("启用", "active") if entry["is_active"] else Text("停用", "deactivated")
        bound = entry["institution"] or entry["enterprise"] or "–"
        cells = [Text.same(entry["login"]), Text.same(entry["name"]), Role(entry["role"]).text]
        add_row(output, table, [*cells, Text.same(bound), state])
    output.console.print(table)
