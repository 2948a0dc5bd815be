"""Ways in which a plan file breaks: flipped bytes, lost ends, changed, lost and swapped values."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from matcher.files.plan_json import digest_of

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
"""Any JSON value."""


def sealed(document: dict) -> bytes:
    """Return the bytes of a document with the digest that fits it, as a forger would."""
    return json.dumps({**document, "digest": digest_of(document)}, ensure_ascii=False).encode()


def places(value: Any) -> list[tuple]:
    """Return every (container, key) inside a document."""
    found: list[tuple] = []
    keys = value.keys() if isinstance(value, dict) else range(len(value))
    for key in keys:
        found.append((value, key))
        if isinstance(value[key], dict | list):
            found += places(value[key])
    return found


def corrupted(content: bytes, rng: random.Random) -> bytes:
    """Return a file that no longer says the same."""
    broken = content
    while is_the_same(broken, content):
        broken = rng.choice(CORRUPTIONS)(content, rng)
    return broken


def is_the_same(content: bytes, before: bytes) -> bool:
    """Tell whether a corruption left the document as it was."""
    try:
        pairs: list = []
        document = json.loads(content, object_pairs_hook=lambda p: pairs.append(p) or dict(p))
    except (ValueError, RecursionError):
        return False
    if any(len(dict(p)) < len(p) for p in pairs):
        return False
    return json.dumps(document, sort_keys=True) == json.dumps(json.loads(before), sort_keys=True)


def flip_bytes(content: bytes, rng: random.Random) -> bytes:
    """Change one byte."""
    changed = bytearray(content)
    changed[rng.randrange(len(changed))] ^= rng.randrange(1, 256)
    return bytes(changed)


def truncate(content: bytes, rng: random.Random) -> bytes:
    """Leave out the end."""
    return content[: rng.randrange(len(content) - 2)]


def double_a_line(content: bytes, rng: random.Random) -> bytes:
    """Write a line twice: a key twice, an item twice, or nonsense."""
    lines = content.split(b"\n")
    spot = rng.randrange(len(lines))
    return b"\n".join([*lines[:spot], lines[spot], *lines[spot:]])


Corruption = Callable[[bytes, random.Random], bytes]


def at_a_random_place(change: Callable[[Any, Any, random.Random], None]) -> Corruption:
    """Return a corruption that changes a document at one place and leaves the digest."""

    def corrupt(content: bytes, rng: random.Random) -> bytes:
        document = json.loads(content)
        change(*rng.choice(places(document)), rng)
        return json.dumps(document, ensure_ascii=False).encode()

    corrupt.__name__ = change.__name__
    return corrupt


@at_a_random_place
def delete(container, key, rng):
    """Delete a key or an item."""
    del container[key]


@at_a_random_place
def replace_value(container, key, rng):
    """Put another value in a place, of the same type or of another one."""
    junk = [None, True, -1, 0, 10**30, 1e300, "", "x", [], {}, "N1", "P2", 0.5]
    value = container[key]
    if isinstance(value, int | float) and not isinstance(value, bool):
        junk += [value + 1, -value, value * 2]
    container[key] = rng.choice(junk)


@at_a_random_place
def add_a_key(container, key, rng):
    """Add something that does not belong there."""
    if isinstance(container, dict):
        container["note"] = key
    else:
        container.append(container[key])


@at_a_random_place
def swap(container, key, rng):
    """Swap two values of a list or an object."""
    others = list(container) if isinstance(container, dict) else range(len(container))
    other = rng.choice(list(others))
    container[key], container[other] = container[other], container[key]


CORRUPTIONS: list[Corruption] = [
    flip_bytes,
    flip_bytes,
    truncate,
    double_a_line,
    delete,
    replace_value,
    replace_value,
    add_a_key,
    swap,
]
