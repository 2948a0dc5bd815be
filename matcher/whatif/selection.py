"""Which records a change is about: by id or name, by a rule, or all of a table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from matcher.domain.criteria import Criterion
from matcher.domain.errors import Fault
from matcher.domain.record_attributes import holds
from matcher.domain.text import Text
from matcher.whatif.draft import Draft


@dataclass(frozen=True, slots=True)
class Selection:
    """Records of one table.

    Parameters
    ----------
    ids
        Ids, or names (Chinese or English) that only one record of the table has.
    where
        A rule that is known to hold of them (`matcher.domain.record_attributes`); None for the
        ids alone.
    every
        All records of the table.
    """

    ids: tuple[str, ...] = ()
    where: Criterion | None = None
    every: bool = False

    @property
    def is_one_way(self) -> bool:
        """Whether it says in exactly one way what is selected."""
        return (bool(self.ids), self.where is not None, self.every).count(True) == 1

    def of(self, draft: Draft, table: str, faults: list[Fault]) -> list[str]:
        """Return the ids that are selected, ascending; what is wrong is noted."""
        if not self.is_one_way:
            message = Text("需要且只能用一种方式选择", "selects in no way, or in several")
            expected = Text("id、where 或 all 之一", "one of id, where and all")
            faults.append(Fault(message, field="id", expected=expected))
            return []
        rows = draft.tables[table]
        if self.ids:
            found = [identity_of(draft, table, word, faults) for word in self.ids]
            return sorted({identity for identity in found if identity is not None})
        picked = [i for i, r in rows.items() if self.every or self._holds(draft, table, r)]
        if not picked:
            message = Text("没有选中任何记录", "selects no record")
            rule = None if self.where is None else self.where.text.en
            faults.append(Fault(message, field="where" if self.where else "all", value=rule))
        return sorted(picked)

    def _holds(self, draft: Draft, table: str, record: object) -> bool:
        return self.where is not None and holds(self.where, draft.asked(table, record))


def one(identity: str) -> Selection:
    """Return the selection of one record."""
    return Selection(ids=(identity,))


def identity_of(
    draft: Draft, table: str, word: str, faults: list[Fault], field: str = "id"
) -> str | None:
    """Return the id that a word means: an id, or the name of exactly one record."""
    rows = draft.tables[table]
    if word in rows:
        return word
    named = [
        identity
        for identity, record in rows.items()
        if word in (getattr(record, "name", None), getattr(record, "name_en", None))
    ]
    if len(named) == 1:
        return named[0]
    if named:
        message = Text("有多条记录叫这个名称", "more than one record is called so")
        faults.append(Fault(message, field, word, Text.same(", ".join(sorted(named)))))
        return None
    message = Text("市场中没有这个编号或名称", "the market has no such id or name")
    faults.append(Fault(message, field, word, _near(rows, word)))
    return None


def _near(rows: Iterable[str], word: str) -> Text | None:
    from difflib import get_close_matches

    close = get_close_matches(word, list(rows), n=3, cutoff=0.5)
    return Text.same(", ".join(close)) if close else None
