"""All roots of an exponential sum f(s) = Σ c_i exp(−s t_i / basis), on Decimal.

The coefficients c_i and times t_i are integers, the times rising.

References
----------
G. J. O. Jameson, "Counting zeros of generalised polynomials: Descartes' rule of signs and
Laguerre's extensions", The Mathematical Gazette 90 (518), 2006.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

TOLERANCE = Decimal("1e-26")
"""How close a root in s is found."""
_NOISE = Decimal("1e-40")
"""Below this share of the sum of its terms, a value counts as zero: the curve touches it."""


@dataclass(frozen=True, slots=True)
class ExponentialSum:
    """The function f above.

    Parameters
    ----------
    coefficients, times
        The c_i, none of them 0, and the t_i, strictly rising.
    basis
        Units of time in a year.
    """

    coefficients: tuple[int, ...]
    times: tuple[int, ...]
    basis: int

    @property
    def sign_changes(self) -> int:
        """How often the coefficients change sign: the most roots there can be."""
        return sum((a > 0) != (b > 0) for a, b in pairwise(self.coefficients))

    def value_and_slope(self, s: Decimal) -> tuple[Decimal, Decimal]:
        """Return f(s), scaled by exp(s t_0 / basis) > 0, and the slope of that."""
        daily = (-s / self.basis).exp()
        value = slope = Decimal(0)
        factor, last = Decimal(1), self.times[0]
        for c, t in zip(self.coefficients, self.times, strict=True):
            factor, last = factor * daily ** (t - last), t
            value += c * factor
            slope -= c * factor * (t - self.times[0])
        return value, slope / self.basis

    def sign(self, s: Decimal) -> int:
        """Return the sign of f(s): −1, 0 or 1, with 0 for what rounding cannot tell from it."""
        value, _ = self.value_and_slope(s)
        absolute = ExponentialSum(tuple(map(abs, self.coefficients)), self.times, self.basis)
        size, _ = absolute.value_and_slope(s)
        return 0 if abs(value) <= _NOISE * size else int(Decimal(1).copy_sign(value))

    def roots(self, low: Decimal, high: Decimal) -> list[Decimal]:
        """Return every root from ``low`` to ``high``, rising.

        1. Where the coefficients change sign between t_k and t_{k+1}, take the middle τ.
           exp(sτ) f(s) has the roots of f, and its slope is an exponential sum with the
           coefficients c_i (τ − t_i): one sign change fewer.
        2. Find the roots of that sum, by this very method; without sign changes there are none.
        3. Between them exp(sτ) f(s) is monotone: at most one root, found where signs differ.
        """
        if not self.sign_changes:
            return []
        points = [low, *self._slope_sum().roots(low, high), high]
        signs = [self.sign(p) for p in points]
        found = [p for p, sign in zip(points, signs, strict=True) if sign == 0]
        for (a, sign_a), (b, sign_b) in pairwise(zip(points, signs, strict=True)):
            if sign_a * sign_b < 0:
                found.append(self._root_between(a, b, sign_a))
        return sorted(set(found))

    def _slope_sum(self) -> ExponentialSum:
        c, t = self.coefficients, self.times
        k = next(i for i in range(len(c) - 1) if (c[i] > 0) != (c[i + 1] > 0))
        twice_tau = t[k] + t[k + 1]
        slopes = tuple(ci * (twice_tau - 2 * ti) for ci, ti in zip(c, t, strict=True))
        return ExponentialSum(slopes, t, self.basis)

    def _root_between(self, low: Decimal, high: Decimal, sign_low: int) -> Decimal:
        """Newton's method kept inside the bracket; a step that does not halve is a bisection."""
        s, last_step = (low + high) / 2, high - low
        while True:
            value, slope = self.value_and_slope(s)
            if value == 0:
                return s
            low, high = (s, high) if (value > 0) == (sign_low > 0) else (low, s)
            next_s = s - value / slope if slope else low
            if not low < next_s < high or abs(next_s - s) > last_step / 2:
                next_s = (low + high) / 2
            s, last_step = next_s, abs(next_s - s)
            if last_step <= TOLERANCE:
                return s
