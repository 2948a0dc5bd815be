"""Ids for published brands and products: readable, unique, of the form that the domain takes."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Hashable, Mapping
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)

MAX_LENGTH = 64
_HASH_LENGTH = 8


def unique_ids(names: Mapping[Key, tuple[str, str]]) -> dict[Key, str]:
    """Make an id of each name.

    A name that is too long, or that reads like another one, ends in a hash of its identity; so
    the ids do not depend on the order of the file.

    Parameters
    ----------
    names
        For each key its name, and the identity that nothing else has.
    """
    slugs = {key: slug(name) for key, (name, _) in names.items()}
    count = Counter(slugs.values())
    return {
        key: plain if plain and count[plain] == 1 and len(plain) <= MAX_LENGTH
        else _hashed(plain, names[key][1])
        for key, plain in slugs.items()
    }  # fmt: skip


def slug(name: str) -> str:
    """Return the letters and digits of a name in lower case, joined by hyphens."""
    return re.sub(r"[\W_]+", "-", name.lower()).strip("-")


def _hashed(plain: str, identity: str) -> str:
    digest = hashlib.sha256(identity.encode()).hexdigest()[:_HASH_LENGTH]
    stem = plain[: MAX_LENGTH - _HASH_LENGTH - 1].rstrip("-")
    return f"{stem}-{digest}" if stem else digest
