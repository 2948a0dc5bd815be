"""What the reports of the source documents print, computed from the records."""

from matcher.services.statistics.advice import Visit, VisitReport, visit_report
from matcher.services.statistics.cover import Cover, CoverReport, cover_report
from matcher.services.statistics.deals import Deal, DealReport, YearOfDeals, deal_report
from matcher.services.statistics.events import event_lines
from matcher.services.statistics.growth import periods_between, yearly_growth
from matcher.services.statistics.lines import Line, Unit, ratio, to_document
from matcher.services.statistics.plans import Group, InstitutionShare, PlanReport, plan_report

__all__ = [
    "Cover",
    "CoverReport",
    "Deal",
    "DealReport",
    "Group",
    "InstitutionShare",
    "Line",
    "PlanReport",
    "Unit",
    "Visit",
    "VisitReport",
    "YearOfDeals",
    "cover_report",
    "deal_report",
    "event_lines",
    "periods_between",
    "plan_report",
    "ratio",
    "to_document",
    "visit_report",
    "yearly_growth",
]
