"""Cockpits as they were counted last, for as long as nothing changes."""

from __future__ import annotations

from threading import Lock

from sqlmodel import Session

from matcher.domain.actor import Actor
from matcher.services.cockpit.choosing import Chosen
from matcher.services.cockpit.cockpit import Cockpit, make_cockpit
from matcher.services.cockpit.facts import Facts, read_facts
from matcher.services.cockpit.pools import pools_in_use
from matcher.services.record.append import head_of
from matcher.services.records.state import market_revision

MOST_KEPT = 64
"""Choices of needs that are remembered."""


class KeptCockpits:
    """What was read and counted of one database; all anew once anything has changed.

    Whoever may see a cockpit sees the same one.
    """

    def __init__(self) -> None:
        self._state: tuple[str, int] | None = None
        self._facts: Facts | None = None
        self._made: dict[Chosen, Cockpit] = {}
        self._lock = Lock()

    def of(self, session: Session, actor: Actor, chosen: Chosen) -> Cockpit:
        """Return the figures of a choice of needs as they are now."""
        head = head_of(session)
        state = market_revision(session), 0 if head is None else head.number
        with self._lock:  # two at once would read the same twice
            if self._facts is None or state != self._state:
                self._facts, self._state = read_facts(session, actor), state
                self._made.clear()
            if chosen not in self._made:
                if len(self._made) >= MOST_KEPT:
                    self._made.clear()
                pools = pools_in_use(session, actor)
                self._made[chosen] = make_cockpit(self._facts, chosen, pools)
            return self._made[chosen]
