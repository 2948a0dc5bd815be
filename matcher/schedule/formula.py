"""Formula: clauses over numbered variables, and counting with them."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import combinations

_PAIRWISE_UP_TO = 24


class Formula:
    """A conjunction of clauses; a literal is a variable's number, negative where negated.

    Attributes
    ----------
    num_vars
        Variables are numbered from 1 to this.
    flat
        The literals of all clauses, each clause ended by a 0.
    implied
        (start, end) in ``flat`` of clauses without which the formula says the same.
    """

    def __init__(self) -> None:
        self.num_vars = 0
        self.flat = array("i")
        self.implied: list[tuple[int, int]] = []

    def new(self) -> int:
        """Return a new variable."""
        self.num_vars += 1
        return self.num_vars

    def add(self, *literals: int) -> None:
        """Add one clause: at least one of the literals is true."""
        self.flat.extend((*literals, 0))

    @contextmanager
    def as_implied(self) -> Iterator[None]:
        """Note what is added meanwhile as implied."""
        start = len(self.flat)
        yield
        self.implied.append((start, len(self.flat)))

    def clauses(self) -> list[list[int]]:
        """Return the clauses as lists."""
        found: list[list[int]] = [[]]
        for literal in self.flat:
            if literal:
                found[-1].append(literal)
            else:
                found.append([])
        return found[:-1]

    def at_most_one(self, literals: Sequence[int], *unless: int) -> None:
        """Add that no two are true, or one of ``unless`` is."""
        if len(literals) <= _PAIRWISE_UP_TO:
            end = (*unless, 0)
            for left, right in combinations(literals, 2):
                self.flat.extend((-left, -right, *end))
        else:
            self.at_most(literals, 1, *unless)

    def at_most(self, literals: Sequence[int], most: int, *unless: int) -> None:
        """Add that at most ``most`` are true, or one of ``unless`` is."""
        if most <= 0:
            for literal in literals:
                self.add(-literal, *unless)
        elif len(literals) > most:
            self.add(-self.count(literals, most + 1)[most], *unless)

    def any_of(self, literals: Sequence[int]) -> int:
        """Return a variable that is true exactly if one of the literals is."""
        variable = self.new()
        self.add(-variable, *literals)
        for literal in literals:
            self.add(-literal, variable)
        return variable

    def count(self, literals: Sequence[int], most: int) -> list[int]:
        """Return the number of true literals in unary, up to ``most``.

        Item k of the list is true exactly if more than k of the literals are: a totalizer [1]_
        with both directions, cut off at ``most``.

        References
        ----------
        .. [1] O. Bailleux and Y. Boufkhad, Efficient CNF encoding of Boolean cardinality
           constraints, CP 2003, LNCS 2833, 108-122.
        """
        if len(literals) <= 1:
            return list(literals)
        half = len(literals) // 2
        left, right = self.count(literals[:half], most), self.count(literals[half:], most)
        return self.merge(left, right, most)

    def merge(self, left: list[int], right: list[int], most: int) -> list[int]:
        """Return the sum of two numbers in unary, up to ``most``."""
        if not left or not right:
            return (left or right)[:most]
        total = [self.new() for _ in range(min(most, len(left) + len(right)))]
        self._add_up(left, right, total)
        for more, fewer in zip(total[1:], total, strict=False):
            self.add(-more, fewer)
        return total

    def _add_up(self, left: list[int], right: list[int], total: list[int]) -> None:
        """Add that ``total`` is true as often as both together; in one go, for there are many."""
        size, clauses = len(total), list[int]()
        for i in range(len(left) + 1):
            more, fewer = left[i : i + 1], [-left[i - 1]] if i else []
            for j in range(len(right) + 1):
                if i + j:
                    clauses += (total[min(i + j, size) - 1], *fewer)
                    clauses += (-right[j - 1], 0) if j else (0,)
                if i + j < size:
                    clauses += (-total[i + j], *more, *right[j : j + 1], 0)
        self.flat.extend(clauses)


def true_in(literal: int, model: Sequence[bool]) -> bool:
    """Tell whether a literal holds, where ``model[v]`` is the value of variable v."""
    return model[abs(literal)] == (literal > 0)


def all_true(literals: Iterable[int], model: Sequence[bool]) -> bool:
    """Tell whether every literal holds."""
    return all(true_in(literal, model) for literal in literals)
