"""Cockpits as they were counted last, for as long as nothing changes."""

from __future__ import annotations

from threading import Lock

from sqlmodel import Session

from matcher.domain.actor import Actor
from matcher.services.cockpit.choosing import Chosen
from matcher.services.cockpit.cockpit import Cockpit, make_cockpit
from matcher.services.cockpit.counting import count_chosen
from matcher.services.cockpit.pools import pools_in_use
from matcher.services.record.append import head_of
from matcher.services.records.state import market_revision

MOST_KEPT = 64
"""Choices of needs that are remembered."""


class KeptCockpits:
    """What was counted of one database; all anew once anything has changed.

    Whoever may see a cockpit sees the same one. Nobody waits for another's counting: two who ask
    at once after a change may both count.
    """

    def __init__(self) -> None:
        self._state: tuple[str, int] | None = None
        self._made: dict[Chosen, Cockpit] = {}
        self._lock = Lock()

    def of(self, session: Session, actor: Actor, chosen: Chosen) -> Cockpit:
        """Return the figures of a choice of needs as they are now."""
        head = head_of(session)
        # Read before the figures: those may be newer than it says, and never older.
        state = market_revision(session), 0 if head is None else head.number
        with self._lock:
            if state == self._state and chosen in self._made:
                return self._made[chosen]
        made = make_cockpit(count_chosen(session, chosen), chosen, pools_in_use(session, actor))
        with self._lock:
            if state != self._state or len(self._made) >= MOST_KEPT:
                self._state = state
                self._made.clear()
            self._made[chosen] = made
        return made
