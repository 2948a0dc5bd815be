"""The compiled scan: what fits each need, what it is worth, and the best of it.

Everything here is compiled by numba; import it only where a market is large enough to wait for
that. The scan releases the interpreter's lock. Arithmetic is that of `matcher.scoring.features`
and `matcher.scoring.sums`, operation by operation, without fast-math.
"""

from __future__ import annotations

import numpy as np
from numba import njit

FAIL, UNKNOWN, PASS = 0, 1, 2
OTHER_INSTRUMENT = 1_000
MOST_MONTHLY = 10.0 / 12
BASIS_POINTS = 10_000
_STEPS = 100
_CLOSE = 1e-15

_DE_BRUIJN = np.uint64(0x03F79D71B4CB0A89)
_SHIFT = np.uint64(58)
_PLACE = np.zeros(64, np.int64)
for _bit in range(64):
    _PLACE[((0x03F79D71B4CB0A89 << _bit) & 0xFFFFFFFFFFFFFFFF) >> 58] = _bit


@njit(cache=True, nogil=True)
def scan(needs, packs, terms, best, lo, hi, sink):  # type: ignore[no-untyped-def]
    """Write the best edges of needs ``lo`` to ``hi`` into ``sink``; return how many."""
    num = packs.product.size
    words = np.empty(packs.fits.shape[1], np.uint64)
    pack = np.empty(num, np.int32)
    low, high = np.empty(num), np.empty(num)
    offered = np.empty(num, np.int64)
    unknown = np.empty(num, np.int32)
    evidence = np.empty(num, np.float32)
    appetite = np.empty(num, np.float32)
    score = np.empty(num, np.float32)
    spare = np.empty(num, np.float32)
    marks = np.zeros((3, packs.has.shape[0]), np.bool_)
    end = 0
    for i in range(lo, hi):
        mark(needs, i, marks, True)
        what_fits(needs, packs, i, marks, words)
        count = 0
        for w in range(words.size):
            bits = words[w]
            while bits:
                bit = bits & (~bits + np.uint64(1))
                bits ^= bit
                p = 64 * w + _PLACE[(bit * _DE_BRUIJN) >> _SHIFT]
                unsure, amount = pledges(needs, packs, i, p)
                if unsure < 0:
                    continue
                at_low, at_high = costs(needs, packs, i, p, amount)
                state = cost_state(needs.most[i], at_low, at_high)
                if state == FAIL:
                    continue
                unsure += state == UNKNOWN
                if not needs.term_known[i]:
                    unsure += packs.num_limited[p]
                unsure += needs.deadline_known[i] and packs.days[p] < 0
                for r in range(packs.rule_start[p], packs.rule_start[p + 1]):
                    at = packs.rule_at[r] + needs.rows[i, packs.rule_axis[r]]
                    unsure += packs.states[at] == UNKNOWN
                pack[count] = p
                low[count], high[count] = at_low, at_high
                offered[count] = amount
                unknown[count] = unsure
                passed = packs.num_states[p] - unsure
                evidence[count] = np.float32(passed / packs.num_states[p])
                appetite[count] = liking(needs, packs, i, p)
                score[count] = worth(
                    needs, packs, terms, marks, i, p, amount, at_low, at_high,
                    evidence[count], appetite[count],
                )  # fmt: skip
                count += 1
        row = i - lo
        if count:
            sink.nearest[row], sink.distance[row] = packs.product[pack[0]], 0
        else:
            sink.nearest[row], sink.distance[row] = nearest(needs, packs, marks, i)
        mark(needs, i, marks, False)
        start = end
        bar, ties = cut(score, count, best, spare)
        for k in range(count):
            if score[k] < bar:
                continue
            if score[k] == bar:
                if ties == 0:
                    continue
                ties -= 1
            sink.product[end] = packs.product[pack[k]]
            sink.low[end], sink.high[end] = low[k], high[k]
            sink.offered[end] = offered[k]
            sink.unknown[end] = unknown[k]
            sink.evidence[end] = evidence[k]
            sink.appetite[end] = appetite[k]
            sink.score[end] = score[k]
            end += 1
        sink.kept[row] = end - start
    return end


@njit(cache=True, nogil=True)
def mark(needs, i, marks, flag):  # type: ignore[no-untyped-def]
    """Flag the institutions that may see a need, are related to its firm, and work with it."""
    c = needs.consent[i]
    for k in range(needs.consent_start[c], needs.consent_start[c + 1]):
        marks[0, needs.consent_item[k]] = flag
    c = needs.conflict[i]
    for k in range(needs.conflict_start[c], needs.conflict_start[c + 1]):
        marks[1, needs.conflict_item[k]] = flag
    c = needs.bank[i]
    for k in range(needs.bank_start[c], needs.bank_start[c + 1]):
        marks[2, needs.bank_item[k]] = flag


@njit(cache=True, nogil=True)
def what_fits(needs, packs, i, marks, words):  # type: ignore[no-untyped-def]
    """Fill ``words`` with the AND of the rows of a need's classes, less who may not see it."""
    row = needs.rows[i, 0]
    for w in range(words.size):
        words[w] = packs.fits[row, w]
    for a in range(1, needs.rows.shape[1]):
        row = needs.rows[i, a]
        for w in range(words.size):
            words[w] &= packs.fits[row, w]
    stated = needs.consent_stated[needs.consent[i]]
    c = needs.conflict[i]
    if stated or needs.conflict_start[c] < needs.conflict_start[c + 1]:
        for b in range(marks.shape[1]):
            if marks[1, b] or (stated and not marks[0, b]):
                for w in range(words.size):
                    words[w] &= ~packs.has[b, w]


@njit(cache=True, nogil=True)
def cover_of(needs, packs, i, q):  # type: ignore[no-untyped-def]
    """Return what a need's collateral covers at one part, in fen: Σ ⌊value × advance⌋."""
    cover = packs.unsecured[q]
    for k in range(needs.pledged[i], needs.pledged[i + 1]):
        advance = packs.advance[q, needs.kind[k]]
        whole, rest = needs.value[k] // BASIS_POINTS, needs.value[k] % BASIS_POINTS
        cover += whole * advance + rest * advance // BASIS_POINTS
    return cover


@njit(cache=True, nogil=True)
def pledges(needs, packs, i, p):  # type: ignore[no-untyped-def]
    """Return how many parts leave their collateral open (-1: one fails), and what is offered."""
    amount = min(needs.amount[i], packs.most[p])
    unsure = 0
    for k in range(packs.pledge_start[p], packs.pledge_start[p + 1]):
        q = packs.pledge_part[k]
        required = max(needs.least[i], packs.amount_min[q])
        if needs.collateral_known[i]:
            cover = cover_of(needs, packs, i, q)
            if cover < required and required > packs.unsecured[q]:
                return -1, amount
            amount = min(amount, cover)
        elif required > packs.unsecured[q]:
            unsure += 1
    return unsure, amount


@njit(cache=True, nogil=True)
def costs(needs, packs, i, p, amount):  # type: ignore[no-untyped-def]
    """Return the all-in yearly cost at the lowest and the highest rate, NaN if not known."""
    at = packs.cost_at[p, needs.wants_level[i]] + needs.month[i]
    low, high = packs.cost_low[at], packs.cost_high[at]
    if amount <= 0 or np.isnan(low):
        return np.nan, np.nan
    if packs.fixed[p] == 0:
        return low, high
    once = packs.charges[p, 5] + packs.fixed[p] / amount
    months = packs.months[needs.month[i]] * 1.0
    if not packs.repaid[p]:
        more = packs.fixed[p] / amount * 12.0 / months
        return low + more, high + more
    is_level = packs.must_level[p] or (packs.may_level[p] and needs.wants_level[i] == 1)
    monthly = packs.charges[p, 4]
    return (
        yearly_return(once, packs.charges[p, 2], packs.charges[p, 0], monthly, is_level, months, low),
        yearly_return(once, packs.charges[p, 3], packs.charges[p, 1], monthly, is_level, months, high),
    )


@njit(cache=True, nogil=True)
def yearly_return(once, yearly, accruing, monthly, is_level, n, start):  # type: ignore[no-untyped-def]
    """Return 12 i, i the internal rate of return, by Newton's method from a cost below it.

    The flows are those of `matcher.finance.cost.all_in_cost`. The present value rises with i
    and is concave, so steps from the left of the root stay there.
    """
    if once + yearly >= 1:
        return 12 * MOST_MONTHLY
    i = accruing / 12
    pays, last = i + monthly, 1.0
    if is_level:
        pays = monthly + (1.0 / n if i <= 0 else i / -np.expm1(-n * np.log1p(i)))
        last = 0.0
    i = start / 12
    for _ in range(_STEPS):
        v = 1.0 / (1.0 + i)
        annuity, annuity_slope, end = n, -n * (n + 1) / 2, 1.0
        if i > 0:
            less = np.expm1(-n * np.log1p(i))
            end = 1.0 + less
            annuity = -less / i
            annuity_slope = (n * end * v - annuity) / i
        value = 1.0 - once - pays * annuity - last * end
        slope = -pays * annuity_slope + last * n * end * v
        if yearly > 0:
            year, due, begun = v**12, yearly, 0.0
            while begun < n:
                value -= due
                slope += begun * due * v
                due *= year
                begun += 12.0
        step = -value / slope
        i += step
        if step <= _CLOSE or i >= MOST_MONTHLY:
            break
    return 12 * min(i, MOST_MONTHLY)


@njit(cache=True, nogil=True)
def cost_state(most, low, high):  # type: ignore[no-untyped-def]
    """Return the state of `matcher.scoring.conditions.terms.cost_states` for one pair."""
    if np.isnan(most):
        return PASS
    if np.isnan(low) or np.isnan(high):
        return UNKNOWN
    if high <= most:
        return PASS
    return UNKNOWN if low <= most else FAIL


@njit(cache=True, nogil=True)
def liking(needs, packs, i, p):  # type: ignore[no-untyped-def]
    """Return the share of the preferences that hold, NaN where there is none."""
    first, after = packs.wish_start[p], packs.wish_start[p + 1]
    if first == after:
        return np.float32(np.nan)
    total = 0
    for r in range(first, after):
        total += packs.states[packs.wish_at[r] + needs.rows[i, packs.wish_axis[r]]]
    return np.float32(total / (after - first) / PASS)


@njit(cache=True, nogil=True)
def part(feature, weight):  # type: ignore[no-untyped-def]
    """Return weight × feature, the feature limited to [0, 1] and rounded as it is shown."""
    return np.float64(np.float32(min(max(feature, 0.0), 1.0))) * weight


@njit(cache=True, nogil=True)
def worth(needs, packs, terms, marks, i, p, amount, low, high, evidence, appetite):  # type: ignore[no-untyped-def]
    """Return the score: the terms in the order of `matcher.scoring.sums.OF_PAIR`."""
    institution = packs.institution[p]
    total = needs.base[i] + terms.sector[p]
    total += terms.region[needs.region[i], institution]
    stated = needs.bank_stated[needs.bank[i]]
    total += terms.relationship[np.int64(marks[2, institution]) if stated else 2]
    total += terms.repayment[needs.wish[i], p]
    share = amount / needs.amount[i]
    total += part(share, terms.weight[0])
    covered = 1.0
    if packs.pledge_start[p] < packs.pledge_start[p + 1]:
        covered = share if needs.collateral_known[i] else 0.5
    total += part(covered, terms.weight[1])
    if not np.isnan(low):
        total += part(1.0 - (low + high) / 2 / needs.limit[i], terms.weight[2])
    if packs.days[p] >= 0:
        total += part(1.0 - packs.days[p] / needs.span[i], terms.weight[3])
    liked = 0.5 if np.isnan(appetite) else np.float64(appetite)
    total += part(liked, terms.weight[4])
    total += part(np.float64(evidence) * needs.standing[i], terms.weight[5])
    return np.float32(total)


@njit(cache=True, nogil=True)
def cut(score, count, best, spare):  # type: ignore[no-untyped-def]
    """Return the score of the best-th, and how many of that score are among the best.

    By Hoare's selection on a copy; -1 and 0 where all are kept.
    """
    if best < 0 or count <= best:
        return np.float32(-1.0), 0
    spare[:count] = score[:count]
    target = count - best
    lo, hi = 0, count - 1
    while lo < hi:
        pivot = spare[(lo + hi) // 2]
        a, b = lo, hi
        while a <= b:
            while spare[a] < pivot:
                a += 1
            while spare[b] > pivot:
                b -= 1
            if a <= b:
                spare[a], spare[b] = spare[b], spare[a]
                a += 1
                b -= 1
        if target <= b:
            hi = b
        elif target >= a:
            lo = a
        else:
            break
    bar = spare[target]
    above = 0
    for k in range(count):
        above += score[k] > bar
    return bar, best - above


@njit(cache=True, nogil=True)
def nearest(needs, packs, marks, i):  # type: ignore[no-untyped-def]
    """Return the product that fails the fewest rules, and its distance; -1 if there is none."""
    found, least = -1, np.iinfo(np.int32).max
    for p in range(packs.product.size):
        distance = failures(needs, packs, marks, i, p)
        if distance < least:
            found, least = packs.product[p], distance
    return found, least


@njit(cache=True, nogil=True)
def failures(needs, packs, marks, i, p):  # type: ignore[no-untyped-def]
    """Return how many conditions and rules fail, and more for another instrument."""
    bit = packs.instrument_fits[needs.rows[i, 0], p // 64] >> np.uint64(p % 64)
    failed = 0 if bit & np.uint64(1) else 1 + OTHER_INSTRUMENT
    amount = min(needs.amount[i], packs.most[p])
    stated = needs.consent_stated[needs.consent[i]]
    for q in range(packs.part_start[p], packs.part_start[p + 1]):
        failed += not packs.part_valid[q]
        bank = packs.part_institution[q]
        failed += stated and not marks[0, bank]
        failed += marks[1, bank]
        failed += needs.amount[i] < packs.amount_min[q] or needs.least[i] > packs.amount_max[q]
        if needs.term_known[i]:
            months = needs.term_months[i]
            failed += months < packs.term_min[q] or months > packs.term_max[q]
        if packs.secured[q] and needs.collateral_known[i]:
            cover = cover_of(needs, packs, i, q)
            amount = min(amount, cover)
            required = max(needs.least[i], packs.amount_min[q])
            failed += cover < required and required > packs.unsecured[q]
    if needs.deadline_known[i] and packs.days[p] >= 0:
        failed += packs.days[p] > needs.days_left[i]
    low, high = costs(needs, packs, i, p, amount)
    failed += cost_state(needs.most[i], low, high) == FAIL
    for r in range(packs.rule_start[p], packs.rule_start[p + 1]):
        at = packs.rule_at[r] + needs.rows[i, packs.rule_axis[r]]
        failed += packs.states[at] == FAIL
    return failed
