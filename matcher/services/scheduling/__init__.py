"""Matches become a meeting that can be held: problem, timetable, changes, and paper."""

from matcher.services.scheduling.day import Changed, change_day
from matcher.services.scheduling.leads import Lead, Party, lead_of, leads_of, read_leads
from matcher.services.scheduling.saving import require_printable, save_agenda
from matcher.services.scheduling.timetabling import (
    Scheduled,
    Task,
    Timing,
    make_timetable,
    plan_task,
    read_instance,
    read_task,
)

__all__ = [
    "Changed",
    "Lead",
    "Party",
    "Scheduled",
    "Task",
    "Timing",
    "change_day",
    "lead_of",
    "leads_of",
    "make_timetable",
    "plan_task",
    "read_instance",
    "read_leads",
    "read_task",
    "require_printable",
    "save_agenda",
]
