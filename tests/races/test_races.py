from __future__ import annotations

import pytest

from tests.databases import KINDS
from tests.races.racing import course_on


@pytest.mark.parametrize("kind", KINDS)
def test_of_many_banks_one_has_the_last(kind: str) -> None:
    """Twelve accept at once what is there once: one gets it, the others 409, the books agree.

    ``python -m tests.races`` does it with fifty, two hundred times.
    """
    with course_on(kind, 12) as course:
        for is_open in (False, True):
            race = course.race(is_open)
            assert race.is_fair, race
        assert course.faults() == []
