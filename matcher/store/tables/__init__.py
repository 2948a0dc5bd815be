"""The tables, one file for each thing that is kept.

A class with ``table=True`` checks nothing when it is made: what enters was checked before, by
the frozen domain or by a schema of the API. Ids are random UUIDs; `key` is the id that people
gave a record in their workbook.
"""

from matcher.store.tables.accounts import (
    AccountRow,
    ApiKeyRow,
    LoginFailureRow,
    ProviderLoginRow,
    SessionRow,
)
from matcher.store.tables.base import METADATA
from matcher.store.tables.intake import ConsentRow, DraftRow, QuestionnaireRow
from matcher.store.tables.leads import (
    CapacityRow,
    CaseEventRow,
    ChainHeadRow,
    IdempotencyRow,
    LeadRow,
    WebhookRow,
)
from matcher.store.tables.listings import ListingRow
from matcher.store.tables.market import (
    EnterpriseRow,
    InstitutionRow,
    NeedRow,
    PolicyRow,
    PoolRow,
    ProductRow,
)
from matcher.store.tables.meetings import AttendanceRow, EventRow, TimetableRow
from matcher.store.tables.rounds import ConflictRow, PlanRow, RoundRow
from matcher.store.tables.runs import BlobRow, RunRow
from matcher.store.tables.settings import SettingRow
from matcher.store.tables.what_ifs import WhatIfRow

__all__ = [
    "METADATA",
    "AccountRow",
    "ApiKeyRow",
    "AttendanceRow",
    "BlobRow",
    "CapacityRow",
    "CaseEventRow",
    "ChainHeadRow",
    "ConflictRow",
    "ConsentRow",
    "DraftRow",
    "EnterpriseRow",
    "EventRow",
    "IdempotencyRow",
    "InstitutionRow",
    "LeadRow",
    "ListingRow",
    "LoginFailureRow",
    "NeedRow",
    "PlanRow",
    "PolicyRow",
    "PoolRow",
    "ProductRow",
    "ProviderLoginRow",
    "QuestionnaireRow",
    "RoundRow",
    "RunRow",
    "SessionRow",
    "SettingRow",
    "TimetableRow",
    "WebhookRow",
    "WhatIfRow",
]
