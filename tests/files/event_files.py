"""A small event and its agenda, for the tests of what people take home."""

from __future__ import annotations

from datetime import datetime

from matcher.domain.moments import CHINA
from matcher.domain.text import Text
from matcher.files.agenda import Agenda, Talk
from matcher.files.event_toml import parse_event
from matcher.schedule import Meeting, Participant, ParticipantKind, Problem, solve

EVENT = """
[event]
id = "june"
title = "银企对接会"
title_en = "Matchmaking meeting"
date = 2027-06-18
place = "会议中心"
place_en = "Conference centre"
organiser = "区金融办"

[[slots]]
start = "09:00"
minutes = 20
gap_minutes = 5
number = 4

[[breaks]]
start = "09:45"
end = "10:00"
name = "茶歇"
name_en = "tea"

[[tables]]
number = 3
prefix = "A"
"""


def small_problem() -> Problem:
    """Return two banks, one with two officers, a guarantor, and three firms."""
    sheet = parse_event(EVENT)
    firms = [Participant(f"f{n}", f"示例企业{n}", f"Example firm {n}") for n in (1, 2, 3)]
    banks = [
        Participant("bank-a", "示例银行甲", "Bank A", ParticipantKind.INSTITUTION, 2, ("A1", "A2")),
        Participant("bank-b", "示例银行乙", "Bank B", ParticipantKind.INSTITUTION),
        Participant("guarantor", "示例担保", "Guarantor", ParticipantKind.INSTITUTION),
    ]
    return Problem(
        participants=(*banks, *firms),
        meetings=tuple(
            Meeting(f"{firm.participant_id}~{bank.participant_id}", bank.participant_id,
                    firm.participant_id, value=500)
            for firm in firms for bank in banks[:2]
        ),
        slots=sheet.slots,
        tables=sheet.tables,
        pauses=sheet.pauses,
    )  # fmt: skip


def small_agenda() -> Agenda:
    """Return the best timetable of the small problem with what is printed beside it."""
    problem = small_problem()
    result = solve(problem)
    assert result.timetable is not None
    topic = Text("流动资金贷款", "working capital loan")
    return Agenda(
        head=parse_event(EVENT).head,
        problem=problem,
        timetable=result.timetable,
        status=result.status,
        levels=result.levels,
        talks={"f1~bank-a": Talk(("n1",), (topic,), ("guarantor",))},
        left_out=(Text("有一对没有列入", "one pair is left out"),),
        stamp=datetime(2027, 6, 18, tzinfo=CHINA),
    )
