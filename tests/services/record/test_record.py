"""Nobody can change the record unseen: edits, deletions, swaps, insertions, truncations."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from matcher.domain.chain import GENESIS, Head, Link, broken, digest, link_after
from matcher.domain.errors import InputError
from matcher.services.record import Happening, append, faults_of_record
from matcher.services.record.heads import public_pem, read_head, seal, signing_key
from matcher.store import Database, open_database
from matcher.store.tables import CaseEventRow
from tests.databases import KINDS, current_url
from tests.service import NOW

_NUM_LINKS = 40
NUM_FORGERIES = 10_000 if os.environ.get("HYPOTHESIS_PROFILE") == "thorough" else 2_000


def _chain(count: int = _NUM_LINKS) -> list[Link]:
    links, head = list[Link](), None
    for number in range(count):
        links.append(link_after(head, f'{{"what":"event {number % 7}"}}'))
        head = Head(links[-1].number, links[-1].sha256)
    return links


def _flip(text_before: str, draw: random.Random) -> str:
    place = draw.randrange(len(text_before))
    other = draw.choice([c for c in "0123456789abcdef{}" if c != text_before[place]])
    return text_before[:place] + other + text_before[place + 1 :]


def _edit(links: list[Link], draw: random.Random) -> list[Link]:
    place = draw.randrange(len(links))
    field = draw.choice(["content", "previous", "sha256"])
    changed = replace(links[place], **{field: _flip(getattr(links[place], field), draw)})
    return [*links[:place], changed, *links[place + 1 :]]


def _renumber(links: list[Link], draw: random.Random) -> list[Link]:
    place = draw.randrange(len(links))
    changed = replace(links[place], number=links[place].number + draw.choice([-1, 1, 5]))
    return [*links[:place], changed, *links[place + 1 :]]


def _delete(links: list[Link], draw: random.Random) -> list[Link]:
    place = draw.randrange(len(links) - 1)
    return [*links[:place], *links[place + 1 :]]


def _swap(links: list[Link], draw: random.Random) -> list[Link]:
    first, second = draw.sample(range(len(links)), 2)
    changed = list(links)
    changed[first], changed[second] = changed[second], changed[first]
    return changed


def _swap_contents(links: list[Link], draw: random.Random) -> list[Link]:
    while True:
        first, second = draw.sample(range(len(links)), 2)
        if links[first].content != links[second].content:
            break
    changed = list(links)
    changed[first] = replace(links[first], content=links[second].content)
    changed[second] = replace(links[second], content=links[first].content)
    return changed


def _insert(links: list[Link], draw: random.Random) -> list[Link]:
    place = draw.randrange(len(links))
    return [*links[: place + 1], links[place], *links[place + 1 :]]


def _truncate(links: list[Link], draw: random.Random) -> list[Link]:
    return links[: draw.randrange(len(links))]


def _rewrite(links: list[Link], draw: random.Random) -> list[Link]:
    """Change a content and make every hash after it anew, as somebody with the code would."""
    place = draw.randrange(len(links))
    changed = list(links[:place])
    head = None if place == 0 else Head(links[place - 1].number, links[place - 1].sha256)
    for number, link in enumerate(links[place:]):
        content = _flip(link.content, draw) if number == 0 else link.content
        changed.append(link_after(head, content))
        head = Head(changed[-1].number, changed[-1].sha256)
    return changed


FORGERIES = [_edit, _renumber, _delete, _swap, _swap_contents, _insert, _truncate, _rewrite]


@pytest.mark.parametrize("forge", FORGERIES)
def test_every_forgery_is_found(
    forge: Callable[[list[Link], random.Random], list[Link]],
) -> None:
    """Random forgeries of each kind, with the head that was kept outside: all are found."""
    links = _chain()
    kept = [Head(links[-1].number, links[-1].sha256)]
    assert broken(links, kept) == []
    draw = random.Random(f"{forge.__name__}")
    for _ in range(NUM_FORGERIES // len(FORGERIES)):
        assert broken(forge(links, draw), kept) != []


def test_without_a_head_from_outside_a_cut_is_not_seen() -> None:
    """Why heads are kept: a chain that was cut, or written anew, is sound by itself."""
    links = _chain()
    assert broken(links[:-3]) == []
    assert broken(_rewrite(links, random.Random(1))) == []


def test_the_hash_is_the_one_documented() -> None:
    """SHA-256 of number, hash before and content, each on a line: worked out by hand."""
    import hashlib

    expected = hashlib.sha256(f"1\n{GENESIS}\nx".encode()).hexdigest()
    assert link_after(None, "x").sha256 == expected == digest(1, GENESIS, "x")


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """Return a database with some events in its record."""
    with current_url(request.param) as url:
        found = open_database(url)
        with found.writing() as session:
            append(session, *(_happening(n) for n in range(12)))
        yield found
        found.close()


def _happening(number: int) -> Happening:
    return Happening(
        kind="plan",
        action="check",
        subject_id=UUID(int=number),
        at=NOW + timedelta(seconds=number),
        account_id=None,
        details={"n": number, "text": "批准"},
    )


FORGED = {
    "a column": "UPDATE case_event SET kind = 'case' WHERE number = 5",
    "a time": "UPDATE case_event SET at = (SELECT at FROM case_event WHERE number = 1)"
    " WHERE number = 5",
    "the content": "UPDATE case_event SET content = '{}' WHERE number = 5",
    "a row gone": "DELETE FROM case_event WHERE number = 5",
    "the end gone": "DELETE FROM case_event WHERE number > 9",
    "all gone": "DELETE FROM case_event",
}


@pytest.mark.parametrize("statement", FORGED.values(), ids=FORGED.keys())
def test_what_somebody_changes_in_the_table_is_found(database: Database, statement: str) -> None:
    """Straight on the database, both kinds; the head of the day was kept outside."""
    with database.reading() as session:
        last = session.scalars(select(CaseEventRow).order_by(col(CaseEventRow.number).desc()))
        kept = [Head(row.number, row.sha256) for row in [last.first()] if row]
        assert faults_of_record(session, kept) == []
    with database.writing() as session:
        session.connection().execute(text(statement))
    with database.reading() as session:
        assert faults_of_record(session, kept) != []


def test_the_head_of_a_day_is_signed_once_and_checked_without_the_service(
    database: Database, tmp_path: Path
) -> None:
    """A head that was kept holds with the public key alone; a changed one does not."""
    key = signing_key(tmp_path / "key.pem")
    assert (tmp_path / "key.pem").stat().st_mode & 0o777 == 0o600
    day = date(2026, 3, 2)
    with database.writing() as session:
        sealed = seal(session, day, key, NOW)
        append(session, _happening(99))
        again = seal(session, day, signing_key(tmp_path / "key.pem"), NOW)
    assert sealed is not None
    assert again == sealed
    assert read_head(sealed.document, public_pem(key)) == sealed.head
    for name, value in (("number", 3), ("sha256", "0" * 64), ("day", "2026-03-03")):
        with pytest.raises(InputError):
            read_head(sealed.document | {name: value}, public_pem(key))
    other = signing_key(tmp_path / "other.pem")
    with pytest.raises(InputError):
        read_head(sealed.document, public_pem(other))


def test_the_days_in_the_database_are_looked_at_too(database: Database, tmp_path: Path) -> None:
    """Cutting off events that a stored head covers is found without anything from outside."""
    with database.writing() as session:
        seal(session, date(2026, 3, 2), signing_key(tmp_path / "key.pem"), NOW)
        session.connection().execute(text("DELETE FROM case_event WHERE number > 9"))
    with database.reading() as session:
        assert faults_of_record(session) != []


def test_a_file_that_is_no_key_is_refused(tmp_path: Path) -> None:
    """The fault names the file and nothing of what it holds."""
    (tmp_path / "key.pem").write_text("secret")
    with pytest.raises(InputError, match=r"key\.pem") as caught:
        signing_key(tmp_path / "key.pem")
    assert "secret" not in str(caught.value)
