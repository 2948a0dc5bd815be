"""A chain of hashes: a list that can grow, and in which nothing can be changed unseen.

Each link's hash covers the hash before it and its own content. Whoever keeps one hash outside
can tell later that nothing up to it was edited, left out, put in or put elsewhere. Without a
hash from outside, cutting off the end and writing the whole chain anew cannot be seen.

References
----------
S. Haber, W. S. Stornetta: How to time-stamp a digital document. Journal of Cryptology 3, 1991.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from matcher.domain.errors import Fault
from matcher.domain.text import Text

GENESIS = "0" * 64
"""The hash before the first link."""


@dataclass(frozen=True, slots=True)
class Link:
    """One link.

    Parameters
    ----------
    number
        Its place, from 1.
    content
        What it holds; the number is a part of what is hashed.
    previous, sha256
        The hashes before it and of it, 64 hexadecimal digits.
    """

    number: int
    content: str
    previous: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Head:
    """The last link at some time, as somebody kept it."""

    number: int
    sha256: str


def link_after(head: Head | None, content: str) -> Link:
    """Return the link that a chain grows by; without a head it is the first."""
    number = 1 if head is None else head.number + 1
    previous = GENESIS if head is None else head.sha256
    return Link(number, content, previous, digest(number, previous, content))


def digest(number: int, previous: str, content: str) -> str:
    """Return the hash of a link."""
    return hashlib.sha256(f"{number}\n{previous}\n{content}".encode()).hexdigest()


def broken(links: Iterable[Link], kept: Iterable[Head] = ()) -> list[Fault]:
    """Return every place where a chain does not hold.

    Parameters
    ----------
    links
        All of the chain, in order.
    kept
        Heads from outside: the chain must reach them and have their hashes.
    """
    faults = list[Fault]()
    head: Head | None = None
    found: dict[int, str] = {}
    for link in links:
        faults += _faults(link, head)
        head = Head(link.number, link.sha256)
        found[link.number] = link.sha256
    for one in sorted(kept, key=lambda kept_head: kept_head.number):
        if found.get(one.number) != one.sha256:
            missing = one.number not in found
            faults.append(_fault(one.number, _CUT if missing else _OTHER))
    return faults


_GAP = Text("前面缺少记录或次序被改动", "what stands before it is missing or out of order")
_EDITED = Text("内容与校验值不符", "the content is not that of its hash")
_CUT = Text("留存的链头之前的记录已缺失", "the chain ends before a head that was kept")
_OTHER = Text("与留存的链头不符", "is not the head that was kept")


def _faults(link: Link, head: Head | None) -> list[Fault]:
    expected = (1, GENESIS) if head is None else (head.number + 1, head.sha256)
    faults = [] if (link.number, link.previous) == expected else [_fault(link.number, _GAP)]
    if digest(link.number, link.previous, link.content) != link.sha256:
        faults.append(_fault(link.number, _EDITED))
    return faults


def _fault(number: int, message: Text) -> Fault:
    return Fault(message, field="number", value=number)
