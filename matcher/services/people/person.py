"""Those who are assigned to firms."""

from __future__ import annotations

from dataclasses import dataclass

from matcher.domain.choices import Choice
from matcher.domain.criteria import Criterion, Under
from matcher.domain.enterprise import require_id, require_industry, require_region
from matcher.domain.errors import Faults
from matcher.domain.provenance import NO_SOURCE, Provenance
from matcher.domain.text import Text


class Role(Choice):
    """What somebody does for a firm."""

    ADVISER = "adviser", "金融顾问"
    MENTOR = "mentor", "创业导师"
    LEAD_BANK = "lead_bank", "主办银行"

    @property
    def default_limit(self) -> int | None:
        """The most firms of one who states no limit: mentors are paired one to one."""
        return 1 if self is Role.MENTOR else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """An adviser, a mentor or a lead bank.

    Parameters
    ----------
    person_id
        Unique; that of a lead bank is the id of its institution in the market.
    institution_id
        Where the person works; firms that are related to it are never given to them.
    regions, industries
        Codes under which a firm must be; empty for all.
    criteria
        Further rules about the firm and its need.
    limit
        The most firms; None for what is usual in the role.
    """

    person_id: str
    name: str
    name_en: str | None = None
    role: Role = Role.ADVISER
    institution_id: str | None = None
    regions: frozenset[str] = frozenset()
    industries: frozenset[str] = frozenset()
    criteria: tuple[Criterion, ...] = ()
    limit: int | None = None
    provenance: Provenance = NO_SOURCE

    def __post_init__(self) -> None:
        faults = Faults()
        require_id(faults, "person_id", self.person_id)
        faults.require(bool(self.name.strip()), "name", self.name, Text("非空姓名", "a name"))
        if self.institution_id is not None:
            require_id(faults, "institution_id", self.institution_id)
        for code in sorted(self.regions):
            require_region(faults, code)
        for code in sorted(self.industries):
            require_industry(faults, code)
        faults.not_negative(limit=self.limit)
        faults.raise_if_any()

    @property
    def text(self) -> Text:
        """The name in both languages."""
        return Text(self.name, self.name_en or self.name)

    @property
    def rules(self) -> tuple[Criterion, ...]:
        """All that a firm must satisfy."""
        stated = (("region", self.regions), ("industry", self.industries))
        codes = tuple(Under(name, prefixes) for name, prefixes in stated if prefixes)
        return (*codes, *self.criteria)
