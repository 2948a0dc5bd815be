"""Why no timetable exists: a smallest set of facts that clash."""

from __future__ import annotations

from matcher.schedule.cadical import prove_clash
from matcher.schedule.encode import encode
from matcher.schedule.frame import Frame
from matcher.schedule.result import Fact

_ROUNDS = 4


def explain(frame: Frame, deadline: float) -> tuple[tuple[Fact, ...], bool]:
    """Return facts that leave no timetable together, and whether none of them is too many.

    Every fact has a variable that switches it on. A solver names a set that clashes; then one
    fact after the other is left out, and stays out if the others still clash. What remains is
    minimal: without any one of them there is a timetable. Of several such sets, from several
    orders of leaving out, the smallest is taken.

    Parameters
    ----------
    deadline
        A reading of ``perf_counter``; then the smallest set found so far is returned.
    """
    encoding = encode(frame, guarded=True)
    guards, minimal = prove_clash(encoding.formula, list(encoding.guards), deadline, _ROUNDS)
    facts = [encoding.guards[guard] for guard in sorted(guards or ())]
    return tuple(facts), minimal and guards is not None
