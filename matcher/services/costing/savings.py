"""What a programme saved its borrowers."""

from __future__ import annotations

from matcher.domain.text import Text
from matcher.finance.savings import Savings
from matcher.services.costing.answer import Answer
from matcher.services.costing.figures import as_is, in_percent, in_yuan
from matcher.services.costing.reading import Reader


def savings(
    reader: Reader, *, loans: str, book: str, saved: str, fall: str | None = None
) -> Answer:
    """Report what a programme saved.

    Raises
    ------
    InputError
        With every fault of the words.
    """
    num_loans = reader.whole("num_loans", "loans", loans)
    book_fen = reader.money("book_fen", "book", book)
    saved_fen = reader.money("saved_fen", "saved", saved)
    fell = None if fall is None else reader.rate("fall", "fall", fall)
    report = reader.finish(
        lambda: Savings(num_loans=num_loans, book_fen=book_fen, saved_fen=saved_fen, fall=fell)
    )
    figures = (
        as_is("num_loans", Text("笔数", "loans"), num_loans),
        in_yuan("book_fen", Text("贷款总额", "lent"), book_fen),
        in_yuan("mean_loan_fen", Text("笔均贷款", "mean loan"), report.mean_loan_fen),
        in_yuan("saved_fen", Text("节省", "saved"), saved_fen),
        in_percent(
            "share_of_book", Text("节省占比", "saved, of the amount lent"), report.share_of_book
        ),
        in_percent("fall", Text("成本降幅", "fall of the cost"), fell),
        in_percent("rate_before", Text("推算原成本", "implied cost before"), report.rate_before),
        in_percent("rate_after", Text("推算现成本", "implied cost after"), report.rate_after),
    )
    return Answer(Text("降本成效", "Savings"), figures, "share_of_book")
