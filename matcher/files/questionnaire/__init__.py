"""The questionnaire on financing intentions: one firm and its need, as JSON and as a sheet.

Which fields it asks, what they are called and how they are read comes from the tables of a
market; here stands only which of them a firm fills in, and which it must.
"""

from matcher.files.questionnaire.fields import ENTERPRISE, NEED, TITLE
from matcher.files.questionnaire.form import write_form
from matcher.files.questionnaire.reading import (
    Answers,
    read_answers,
    read_form,
    read_form_content,
)
from matcher.files.questionnaire.schema import questionnaire_schema

__all__ = [
    "ENTERPRISE",
    "NEED",
    "TITLE",
    "Answers",
    "questionnaire_schema",
    "read_answers",
    "read_form",
    "read_form_content",
    "write_form",
]
