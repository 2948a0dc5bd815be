"""A report from tables of what happened: deals, events, visits, covers, and a round's plan."""

from matcher.services.reporting.report import Block, Period, Report, make_report
from matcher.services.reporting.tables import REPORT_FILES, ReportTables, read_report_tables

__all__ = [
    "REPORT_FILES",
    "Block",
    "Period",
    "Report",
    "ReportTables",
    "make_report",
    "read_report_tables",
]
