"""Advisers, mentors and lead banks for firms: who could, who does, and why."""

from matcher.services.people.assigning import Assignment, Fit, assign_role
from matcher.services.people.firms import chosen_firms, parse_rules
from matcher.services.people.person import Person, Role
from matcher.services.people.table import PEOPLE, PEOPLE_FILE, read_people

__all__ = [
    "PEOPLE",
    "PEOPLE_FILE",
    "Assignment",
    "Fit",
    "Person",
    "Role",
    "assign_role",
    "chosen_firms",
    "parse_rules",
    "read_people",
]
