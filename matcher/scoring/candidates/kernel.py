"""The compiled scan: what fits each need, what it is worth, and the best of it.

Everything here is compiled by numba; import it only where a market is large enough to wait for
that. The scan releases the interpreter's lock. Arithmetic is that of `matcher.scoring.features`
and `matcher.scoring.sums`, operation by operation, without fast-math.

The tables are unpacked once, and what is called for each pair gets the arrays that it reads:
taking an array out of a tuple counts a reference, which two threads would fight over.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from matcher.scoring.candidates.newton import yearly_return
from matcher.scoring.candidates.tables import (
    ACCRUING,
    ACCRUING_HIGH,
    COST,
    DAYS,
    FIXED,
    INSTITUTION,
    MAY_LEVEL,
    MONTHLY,
    MUST_LEVEL,
    ONCE,
    PART,
    PART_END,
    PLEDGE,
    PLEDGE_END,
    PRODUCT,
    Q_AMOUNT_MAX,
    Q_AMOUNT_MIN,
    Q_INSTITUTION,
    Q_SECURED,
    Q_TERM_MAX,
    Q_TERM_MIN,
    Q_UNSECURED,
    Q_VALID,
    REPAID,
    STATES,
    W_AMOUNT,
    W_APPROVAL,
    W_COLLATERAL,
    W_COST,
    WISHES,
    YEARLY,
    YEARLY_HIGH,
)

FAIL, UNKNOWN, PASS = 0, 1, 2
OTHER_INSTRUMENT = 1_000
BASIS_POINTS = 10_000
MAY_SEE, RELATED, WORKS = range(3)
"""Rows of the marks on institutions."""

_DE_BRUIJN = 0x03F79D71B4CB0A89
_MAGIC, _SHIFT, _ONE = np.uint64(_DE_BRUIJN), np.uint64(58), np.uint64(1)
_PLACE = np.zeros(64, np.int64)
for _bit in range(64):
    _PLACE[((_DE_BRUIJN << _bit) & 0xFFFFFFFFFFFFFFFF) >> 58] = _bit
"""The lowest bit of a word stands at the place that its product with the constant leads to."""


@njit(cache=True, nogil=True, error_model="numpy")
def scan(needs, packs, terms, best, lo, hi, sink):  # type: ignore[no-untyped-def]
    """Write the best edges of needs ``lo`` to ``hi`` into ``sink``; return how many.

    ``best`` is -1 to keep all.
    """
    (all_rows, all_amount, all_least, term, term_known, days_left, deadline_known, all_most,
     all_month, all_level, pledged, kind, value, all_pledged_known, consent, conflict, bank,
     set_start, set_item, region_of, wish_of, span_of, all_limit, base, all_standing,
    ) = needs  # fmt: skip
    (fits, unsure_at, failed_at, liked_at, counts, instrument_fits, has, whole, days, given,
     charges, cost, months, pledge_part, parts, advance) = packs  # fmt: skip
    steady, region, relationship, time, liked_share, appetite_term, evidence_of, weight = terms
    (s_product, s_low, s_high, s_offered, s_unknown, s_evidence, s_appetite, s_score, kept, nearest,
     distance) = sink  # fmt: skip
    num = len(whole)
    words = np.empty(fits.shape[1], np.uint64)
    marks = np.zeros((3, len(has)), np.bool_)
    unsure, liked, failed = np.empty(num, np.int8), np.empty(num, np.int8), np.empty(num, np.int8)
    found, unknown = np.empty(num, np.int64), np.empty(num, np.int64)
    low, high, offered = np.empty(num), np.empty(num), np.empty(num, np.int64)
    score, spare = np.empty(num, np.float32), np.empty(num, np.float32)
    end = 0
    for i in range(lo, hi):
        rows = all_rows[:, i]
        amount, least, most = all_amount[i], all_least[i], all_most[i]
        first, after, known = pledged[i], pledged[i + 1], all_pledged_known[i]
        month, level, limit = all_month[i], all_level[i], all_limit[i]
        mark(marks, set_start, set_item, consent[i], conflict[i], bank[i], True)
        what_fits(rows, fits, has, marks, consent[i] >= 0, conflict[i], set_start, words)
        count_rows(rows, unsure_at, counts, unsure)
        # First what collateral and cost leave of what fits …
        count = 0
        for w in range(words.size):
            bits = words[w]
            while bits:
                bit = bits & (~bits + _ONE)
                bits ^= bit
                p = 64 * w + _PLACE[(bit * _MAGIC) >> _SHIFT]
                open_questions = np.int64(unsure[p])
                gives = min(amount, given[p])
                fails = False
                for k in range(whole[p, PLEDGE], whole[p, PLEDGE_END]):
                    q = pledge_part[k]
                    required = max(least, parts[q, Q_AMOUNT_MIN])
                    enough = required <= parts[q, Q_UNSECURED]
                    if known:
                        cover = cover_of(kind, value, first, after, parts, advance, q)
                        fails |= cover < required and not enough
                        gives = min(gives, cover)
                    else:
                        open_questions += not enough
                if fails:
                    continue
                at = whole[p, COST + level] + month
                lowest, highest = cost[at, 0], cost[at, 1]
                if charges[p, FIXED] > 0:
                    lowest, highest = with_fixed_fees(
                        whole, charges, p, months[month], level, gives, lowest, highest
                    )
                if gives <= 0:
                    lowest, highest = np.nan, np.nan
                # A comparison with NaN is false: no limit, or no cost, never fails.
                if lowest > most and not np.isnan(highest):
                    continue
                unclear = not np.isnan(most) and not highest <= most
                found[count], offered[count] = p, gives
                low[count], high[count] = lowest, highest
                unknown[count] = open_questions + unclear
                count += 1
        # … then what each is worth, the terms in the order of `matcher.scoring.sums`.
        if count:
            count_rows(rows, liked_at, counts, liked)
        wish, near, paces = wish_of[i], region_of[i], span_of[i]
        standing, says, start_value = all_standing[i], bank[i] >= 0, base[i]
        for k in range(count):
            p = found[k]
            home = whole[p, INSTITUTION]
            total = start_value + steady[wish, p]
            total += region[near, home]
            total += relationship[np.int64(marks[WORKS, home]) if says else 2]
            share = offered[k] / amount
            total += part(share, weight[W_AMOUNT])
            covered = share if known else 0.5
            asks = whole[p, PLEDGE] < whole[p, PLEDGE_END]
            total += part(covered if asks else 1.0, weight[W_COLLATERAL])
            cheap = 1.0 - (low[k] + high[k]) / 2 / limit
            total += part(0.0 if np.isnan(cheap) else cheap, weight[W_COST])
            total += time[paces, whole[p, DAYS]]
            total += appetite_term[whole[p, WISHES], liked[p]]
            certain = np.float64(evidence_of[whole[p, STATES], unknown[k]])
            total += np.float64(np.float32(certain * standing)) * weight[W_APPROVAL]
            score[k] = np.float32(total)
        row = i - lo
        if count:
            nearest[row], distance[row] = whole[found[0], PRODUCT], 0
        else:
            count_rows(rows, failed_at, counts, failed)
            nearest[row], distance[row] = -1, np.iinfo(np.int32).max
        for p in range(num if count == 0 else 0):
            bit = instrument_fits[rows[0], p // 64] >> np.uint64(p % 64)
            away = failed[p] + (0 if bit & _ONE else 1 + OTHER_INSTRUMENT)
            away += deadline_known[i] and days[p] >= 0 and days[p] > days_left[i]
            gives = min(amount, given[p])
            for q in range(whole[p, PART], whole[p, PART_END]):
                away += part_failures(
                    marks, consent[i] >= 0, amount, least, term[i], term_known[i], parts, q
                )
                if parts[q, Q_SECURED] and known:
                    cover = cover_of(kind, value, first, after, parts, advance, q)
                    required = max(least, parts[q, Q_AMOUNT_MIN])
                    away += cover < required and required > parts[q, Q_UNSECURED]
                    gives = min(gives, cover)
            if away >= distance[row]:
                continue
            at = whole[p, COST + level] + month
            lowest, highest = cost[at, 0], cost[at, 1]
            if charges[p, FIXED] > 0:
                lowest, highest = with_fixed_fees(
                    whole, charges, p, months[month], level, gives, lowest, highest
                )
            away += gives > 0 and lowest > most and not np.isnan(highest)
            if away < distance[row]:
                nearest[row], distance[row] = whole[p, PRODUCT], away
        mark(marks, set_start, set_item, consent[i], conflict[i], bank[i], False)
        begin = end
        bar, ties = cut(score, count, best, spare)
        for k in range(count):
            if score[k] < bar or (score[k] == bar and ties == 0):
                continue
            ties -= score[k] == bar
            p = found[k]
            s_product[end] = whole[p, PRODUCT]
            s_low[end], s_high[end] = low[k], high[k]
            s_offered[end], s_unknown[end] = offered[k], unknown[k]
            s_evidence[end] = evidence_of[whole[p, STATES], unknown[k]]
            s_appetite[end] = liked_share[whole[p, WISHES], liked[p]]
            s_score[end] = score[k]
            end += 1
        kept[row] = end - begin
    return end


@njit(cache=True, nogil=True)
def mark(marks, set_start, set_item, consent, conflict, bank, flag):  # type: ignore[no-untyped-def]
    """Flag the institutions that may see a need, are related to its firm, and work with it."""
    for row, chosen in enumerate((consent, conflict, bank)):
        if chosen >= 0:
            for k in range(set_start[chosen], set_start[chosen + 1]):
                marks[row, set_item[k]] = flag


@njit(cache=True, nogil=True)
def what_fits(rows, fits, has, marks, stated, conflict, set_start, words):  # type: ignore[no-untyped-def]
    """Fill ``words`` with the AND of the rows of a need's classes, less who may not see it."""
    row = rows[0]
    for w in range(words.size):
        words[w] = fits[row, w]
    for a in range(1, rows.size):
        row = rows[a]
        for w in range(words.size):
            words[w] &= fits[row, w]
    if stated or set_start[conflict] < set_start[conflict + 1]:
        for bank in range(len(has)):
            if marks[RELATED, bank] or (stated and not marks[MAY_SEE, bank]):
                for w in range(words.size):
                    words[w] &= ~has[bank, w]


@njit(cache=True, nogil=True)
def count_rows(rows, at, counts, total):  # type: ignore[no-untyped-def]
    """Fill ``total`` with the sum of the rows of counts of a need's classes."""
    for p in range(total.size):
        total[p] = 0
    for a in range(rows.size):
        row = at[rows[a]]
        if row >= 0:
            for p in range(total.size):
                total[p] += counts[row, p]


@njit(cache=True, nogil=True, forceinline=True)
def cover_of(kind, value, first, after, parts, advance, q):  # type: ignore[no-untyped-def]
    """Return what a need's collateral covers at one part, in fen: Σ ⌊value × advance⌋."""
    cover = parts[q, Q_UNSECURED]
    for k in range(first, after):
        counted = advance[q, kind[k]]
        whole, rest = value[k] // BASIS_POINTS, value[k] % BASIS_POINTS
        cover += whole * counted + rest * counted // BASIS_POINTS
    return cover


@njit(cache=True, nogil=True, error_model="numpy")
def with_fixed_fees(whole, charges, p, months, level, amount, low, high):  # type: ignore[no-untyped-def]
    """Return the costs at the lowest and the highest rate, fees in fen reckoned with."""
    if amount <= 0 or np.isnan(low):
        return np.nan, np.nan
    more, n = charges[p, FIXED] / amount, np.float64(months)
    if not whole[p, REPAID]:
        return low + more * 12 / n, high + more * 12 / n
    is_level = whole[p, MUST_LEVEL] or (whole[p, MAY_LEVEL] and level)
    once, monthly = charges[p, ONCE] + more, charges[p, MONTHLY]
    accruing, yearly = charges[p, ACCRUING], charges[p, YEARLY]
    lowest = yearly_return(once, yearly, accruing, monthly, is_level, n, low)
    if charges[p, ACCRUING_HIGH] == accruing and charges[p, YEARLY_HIGH] == yearly:
        return lowest, lowest
    accruing, yearly = charges[p, ACCRUING_HIGH], charges[p, YEARLY_HIGH]
    return lowest, yearly_return(once, yearly, accruing, monthly, is_level, n, high)


@njit(cache=True, nogil=True, forceinline=True)
def part(feature, weight):  # type: ignore[no-untyped-def]
    """Return weight × feature, the feature limited to [0, 1] and rounded as it is shown."""
    limited = feature if feature > 0.0 else 0.0
    limited = limited if limited < 1.0 else 1.0
    return np.float64(np.float32(limited)) * weight


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
def part_failures(marks, stated, amount, least, term, term_known, parts, q):  # type: ignore[no-untyped-def]
    """Return how many conditions of one part fail, collateral left aside."""
    bank = parts[q, Q_INSTITUTION]
    failed = np.int64(parts[q, Q_VALID] == 0) + marks[RELATED, bank]
    failed += stated and not marks[MAY_SEE, bank]
    failed += amount < parts[q, Q_AMOUNT_MIN] or least > parts[q, Q_AMOUNT_MAX]
    failed += term_known and (term < parts[q, Q_TERM_MIN] or term > parts[q, Q_TERM_MAX])
    return failed
