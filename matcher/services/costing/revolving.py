"""A line of credit, paid for by the days used."""

from __future__ import annotations

from types import MappingProxyType

from matcher.domain.text import Text
from matcher.finance.flows import GUARANTEE_FEE, INTEREST, total_of
from matcher.finance.irr import all_in_rate
from matcher.finance.revolving import most_used_fen, revolving_flows
from matcher.services.costing.answer import Answer
from matcher.services.costing.fees import DAY_COUNT
from matcher.services.costing.figures import as_is, in_percent, in_yuan
from matcher.services.costing.loan_answer import flows_document
from matcher.services.costing.reading import Reader


def revolving(
    reader: Reader,
    *,
    use: list[str],
    rate: str,
    guarantee_rate: str = "0",
    limit: str | None = None,
    day_count: str = DAY_COUNT,
) -> Answer:
    """Reckon a line of credit by the days used.

    Raises
    ------
    InputError
        With every fault of the words.
    """
    drawn = reader.uses(use)
    yearly = reader.rate("rate", "rate", rate)
    fee_rate = reader.rate("guarantee_rate", "guarantee_rate", guarantee_rate)
    limit_fen = None if limit is None else reader.money("limit_fen", "limit", limit)
    convention = reader.day_count(day_count)
    reader.name("uses", "use")
    flows = reader.finish(
        lambda: revolving_flows(
            drawn, yearly, guarantee_rate=fee_rate, day_count=convention, limit_fen=limit_fen
        )
    )
    cost = reader.finish(lambda: all_in_rate(flows))
    figures = (
        as_is("num_uses", Text("用款笔数", "uses"), len(drawn)),
        in_yuan("most_used_fen", Text("最高余额", "most out at once"), most_used_fen(drawn)),
        in_yuan("interest_fen", Text("利息", "interest"), -total_of(flows, INTEREST)),
        in_yuan("guarantee_fen", Text("担保费", "guarantee fee"), -total_of(flows, GUARANTEE_FEE)),
        in_percent("effective", Text("综合融资成本（年化）", "all-in yearly cost"), cost),
    )
    details = MappingProxyType({"flows": flows_document(flows)})
    return Answer(Text("随借随还", "Line of credit"), figures, "effective", details=details)
