"""What the installation remembers of itself."""

from __future__ import annotations

from sqlmodel import Field

from matcher.store.tables.base import Row
from matcher.store.tables.columns import document


class SettingRow(Row, table=True):
    """One value by its name, as JSON: the day of the round, secrets made at the first start."""

    __tablename__ = "setting"

    name: str = Field(primary_key=True, max_length=64)
    value: str = document()
