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

from matcher.scoring.candidates.tables import (
    C_ACCRUING,
    C_ACCRUING_HIGH,
    C_FIXED,
    C_MONTHLY,
    C_ONCE,
    C_YEARLY,
    C_YEARLY_HIGH,
    N_AMOUNT,
    N_BANK,
    N_COLLATERAL_KNOWN,
    N_CONFLICT,
    N_CONSENT,
    N_DAYS,
    N_DEADLINE_KNOWN,
    N_LEAST,
    N_LEVEL,
    N_MONTH,
    N_PLEDGED,
    N_PLEDGED_END,
    N_REGION,
    N_TERM,
    N_TERM_KNOWN,
    N_WISH,
    P_COST,
    P_DAYS,
    P_INSTITUTION,
    P_MAY_LEVEL,
    P_MOST,
    P_MUST_LEVEL,
    P_NUM_LIMITED,
    P_NUM_STATES,
    P_PART,
    P_PART_END,
    P_PLEDGE,
    P_PLEDGE_END,
    P_PRODUCT,
    P_REPAID,
    P_RULE,
    P_RULE_END,
    P_WISH,
    P_WISH_END,
    Q_AMOUNT_MAX,
    Q_AMOUNT_MIN,
    Q_INSTITUTION,
    Q_SECURED,
    Q_TERM_MAX,
    Q_TERM_MIN,
    Q_UNSECURED,
    Q_VALID,
    R_BASE,
    R_LIMIT,
    R_MOST,
    R_SPAN,
    R_STANDING,
    W_AMOUNT,
    W_APPETITE,
    W_APPROVAL,
    W_COLLATERAL,
    W_COST,
    W_TIME,
)

FAIL, UNKNOWN, PASS = 0, 1, 2
OTHER_INSTRUMENT = 1_000
MOST_MONTHLY = 10.0 / 12
BASIS_POINTS = 10_000
MAY_SEE, RELATED, WORKS = range(3)
"""Rows of the marks on institutions."""

_STEPS = 100
_CLOSE = 1e-15

_DE_BRUIJN = np.uint64(0x03F79D71B4CB0A89)
_SHIFT = np.uint64(58)
_ONE = np.uint64(1)
_PLACE = np.zeros(64, np.int64)
for _bit in range(64):
    _PLACE[((0x03F79D71B4CB0A89 << _bit) & 0xFFFFFFFFFFFFFFFF) >> 58] = _bit


@njit(cache=True, nogil=True)
def scan(needs, packs, terms, best, lo, hi, sink):  # type: ignore[no-untyped-def]
    """Write the best edges of needs ``lo`` to ``hi`` into ``sink``; return how many.

    ``best`` is -1 to keep all.
    """
    fits, instrument_fits, has, pack, charges, rules, states, cost, months, asking, parts, advance = packs
    all_rows, whole, real, kind, value, set_start, set_item = needs
    sector, region, relationship, repayment, weight = terms
    s_product, s_low, s_high, s_offered, s_unknown, s_evidence, s_appetite, s_score = sink[:8]
    kept, nearest, distance = sink[8:]
    num = len(pack)
    words = np.empty(fits.shape[1], np.uint64)
    marks = np.zeros((3, len(has)), np.bool_)
    found = np.empty(num, np.int64)
    low, high = np.empty(num), np.empty(num)
    offered = np.empty(num, np.int64)
    unknown = np.empty(num, np.int64)
    evidence, appetite = np.empty(num, np.float32), np.empty(num, np.float32)
    score, spare = np.empty(num, np.float32), np.empty(num, np.float32)
    end = 0
    for i in range(lo, hi):
        rows, need, figures = all_rows[i], whole[i], real[i]
        mark(need, set_start, set_item, marks, True)
        what_fits(rows, need, fits, has, marks, words)
        count = 0
        for w in range(words.size):
            bits = words[w]
            while bits:
                bit = bits & (~bits + _ONE)
                bits ^= bit
                p = 64 * w + _PLACE[(bit * _DE_BRUIJN) >> _SHIFT]
                unsure, amount = pledges(need, kind, value, pack, asking, parts, advance, p)
                if unsure < 0:
                    continue
                lowest, highest = costs(need, pack, charges, cost, months, p, amount)
                state = cost_state(figures[R_MOST], lowest, highest)
                if state == FAIL:
                    continue
                unsure += state == UNKNOWN
                unsure += open_questions(rows, need, pack, rules, states, p)
                found[count], offered[count], unknown[count] = p, amount, unsure
                low[count], high[count] = lowest, highest
                of = pack[p, P_NUM_STATES]
                evidence[count] = np.float32((of - unsure) / of)
                appetite[count] = liking(rows, pack, rules, states, p)
                bank = pack[p, P_INSTITUTION]
                works = np.int64(marks[WORKS, bank]) if need[N_BANK] >= 0 else 2
                total = figures[R_BASE] + sector[p]
                total += region[need[N_REGION], bank]
                total += relationship[works]
                total += repayment[need[N_WISH], p]
                score[count] = total_worth(
                    total, need, figures, pack, weight, p, amount, lowest, highest,
                    appetite[count], evidence[count],
                )  # fmt: skip
                count += 1
        row = i - lo
        nearest[row], distance[row] = -1, np.iinfo(np.int32).max
        if count:
            nearest[row], distance[row] = pack[found[0], P_PRODUCT], 0
        for p in range(num if count == 0 else 0):
            bit = instrument_fits[rows[0], p // 64] >> np.uint64(p % 64)
            away = 0 if bit & _ONE else 1 + OTHER_INSTRUMENT
            away += rules_failed(rows, pack, rules, states, p)
            away += parts_failed(need, marks, kind, value, pack, parts, advance, p)
            if away < distance[row]:
                amount = least_given(need, kind, value, pack, asking, parts, advance, p)
                lowest, highest = costs(need, pack, charges, cost, months, p, amount)
                away += cost_state(figures[R_MOST], lowest, highest) == FAIL
                if away < distance[row]:
                    nearest[row], distance[row] = pack[p, P_PRODUCT], away
        mark(need, set_start, set_item, marks, False)
        start = end
        bar, ties = cut(score, count, best, spare)
        for k in range(count):
            if score[k] < bar or (score[k] == bar and ties == 0):
                continue
            ties -= score[k] == bar
            s_product[end] = pack[found[k], P_PRODUCT]
            s_low[end], s_high[end] = low[k], high[k]
            s_offered[end], s_unknown[end] = offered[k], unknown[k]
            s_evidence[end], s_appetite[end] = evidence[k], appetite[k]
            s_score[end] = score[k]
            end += 1
        kept[row] = end - start
    return end


@njit(cache=True, nogil=True)
def mark(need, set_start, set_item, marks, flag):  # type: ignore[no-untyped-def]
    """Flag the institutions that may see a need, are related to its firm, and work with it."""
    for row, column in enumerate((N_CONSENT, N_CONFLICT, N_BANK)):
        chosen = need[column]
        if chosen >= 0:
            for k in range(set_start[chosen], set_start[chosen + 1]):
                marks[row, set_item[k]] = flag


@njit(cache=True, nogil=True)
def what_fits(rows, need, fits, has, marks, words):  # type: ignore[no-untyped-def]
    """Fill ``words`` with the AND of the rows of a need's classes, less who may not see it."""
    row = rows[0]
    for w in range(words.size):
        words[w] = fits[row, w]
    for a in range(1, rows.size):
        row = rows[a]
        for w in range(words.size):
            words[w] &= fits[row, w]
    stated = need[N_CONSENT] >= 0
    for bank in range(len(has)):
        if marks[RELATED, bank] or (stated and not marks[MAY_SEE, bank]):
            for w in range(words.size):
                words[w] &= ~has[bank, w]


@njit(cache=True, nogil=True, forceinline=True)
def cover_of(need, kind, value, parts, advance, q):  # type: ignore[no-untyped-def]
    """Return what a need's collateral covers at one part, in fen: Σ ⌊value × advance⌋."""
    cover = parts[q, Q_UNSECURED]
    for k in range(need[N_PLEDGED], need[N_PLEDGED_END]):
        counted = advance[q, kind[k]]
        whole, rest = value[k] // BASIS_POINTS, value[k] % BASIS_POINTS
        cover += whole * counted + rest * counted // BASIS_POINTS
    return cover


@njit(cache=True, nogil=True, forceinline=True)
def pledges(need, kind, value, pack, asking, parts, advance, p):  # type: ignore[no-untyped-def]
    """Return how many parts leave their collateral open (-1: one fails), and what is offered."""
    amount = min(need[N_AMOUNT], pack[p, P_MOST])
    unsure = 0
    for k in range(pack[p, P_PLEDGE], pack[p, P_PLEDGE_END]):
        q = asking[k]
        required = max(need[N_LEAST], parts[q, Q_AMOUNT_MIN])
        if need[N_COLLATERAL_KNOWN]:
            cover = cover_of(need, kind, value, parts, advance, q)
            if cover < required and required > parts[q, Q_UNSECURED]:
                return -1, amount
            amount = min(amount, cover)
        elif required > parts[q, Q_UNSECURED]:
            unsure += 1
    return unsure, amount


@njit(cache=True, nogil=True, forceinline=True)
def least_given(need, kind, value, pack, asking, parts, advance, p):  # type: ignore[no-untyped-def]
    """Return what is offered, whether the collateral suffices or not."""
    amount = min(need[N_AMOUNT], pack[p, P_MOST])
    if need[N_COLLATERAL_KNOWN]:
        for k in range(pack[p, P_PLEDGE], pack[p, P_PLEDGE_END]):
            amount = min(amount, cover_of(need, kind, value, parts, advance, asking[k]))
    return amount


@njit(cache=True, nogil=True, forceinline=True)
def costs(need, pack, charges, cost, months, p, amount):  # type: ignore[no-untyped-def]
    """Return the all-in yearly cost at the lowest and the highest rate, NaN if not known."""
    at = pack[p, P_COST + need[N_LEVEL]] + need[N_MONTH]
    low, high = cost[at, 0], cost[at, 1]
    if amount <= 0 or np.isnan(low):
        return np.nan, np.nan
    if charges[p, C_FIXED] == 0:
        return low, high
    more = charges[p, C_FIXED] / amount
    n = months[need[N_MONTH]] * 1.0
    if not pack[p, P_REPAID]:
        return low + more * 12 / n, high + more * 12 / n
    level = pack[p, P_MUST_LEVEL] or (pack[p, P_MAY_LEVEL] and need[N_LEVEL])
    once, monthly = charges[p, C_ONCE] + more, charges[p, C_MONTHLY]
    accruing, yearly = charges[p, C_ACCRUING], charges[p, C_YEARLY]
    low = yearly_return(once, yearly, accruing, monthly, level, n, low)
    accruing, yearly = charges[p, C_ACCRUING_HIGH], charges[p, C_YEARLY_HIGH]
    return low, yearly_return(once, yearly, accruing, monthly, level, n, high)


@njit(cache=True, nogil=True)
def yearly_return(once, yearly, accruing, monthly, level, n, start):  # type: ignore[no-untyped-def]
    """Return 12 i, i the internal rate of return, by Newton's method from a cost below it.

    The flows are those of `matcher.finance.cost.all_in_cost`. The present value rises with i
    and is concave, so steps from the left of the root stay there.
    """
    if once + yearly >= 1:
        return 12 * MOST_MONTHLY
    i = accruing / 12
    pays, last = i + monthly, 1.0
    if level:
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


@njit(cache=True, nogil=True, forceinline=True)
def cost_state(most, low, high):  # type: ignore[no-untyped-def]
    """Return the state of `matcher.scoring.conditions.terms.cost_states` for one pair."""
    if np.isnan(most):
        return PASS
    if np.isnan(low) or np.isnan(high):
        return UNKNOWN
    if high <= most:
        return PASS
    return UNKNOWN if low <= most else FAIL


@njit(cache=True, nogil=True, forceinline=True)
def open_questions(rows, need, pack, rules, states, p):  # type: ignore[no-untyped-def]
    """Return how many rules are undecided, cost and collateral left aside."""
    unsure = np.int64(need[N_DEADLINE_KNOWN] and pack[p, P_DAYS] < 0)
    if not need[N_TERM_KNOWN]:
        unsure += pack[p, P_NUM_LIMITED]
    for r in range(pack[p, P_RULE], pack[p, P_RULE_END]):
        unsure += states[rules[r, 1] + rows[rules[r, 0]]] == UNKNOWN
    return unsure


@njit(cache=True, nogil=True, forceinline=True)
def liking(rows, pack, rules, states, p):  # type: ignore[no-untyped-def]
    """Return the share of the preferences that hold, NaN where there is none."""
    first, after = pack[p, P_WISH], pack[p, P_WISH_END]
    if first == after:
        return np.float32(np.nan)
    total = 0
    for r in range(first, after):
        total += states[rules[r, 1] + rows[rules[r, 0]]]
    return np.float32(total / (after - first) / PASS)


@njit(cache=True, nogil=True, forceinline=True)
def part(feature, weight):  # type: ignore[no-untyped-def]
    """Return weight × feature, the feature limited to [0, 1] and rounded as it is shown."""
    return np.float64(np.float32(min(max(feature, 0.0), 1.0))) * weight


@njit(cache=True, nogil=True, forceinline=True)
def total_worth(total, need, figures, pack, weight, p, amount, low, high, appetite, evidence):  # type: ignore[no-untyped-def]
    """Return the score: the last terms in the order of `matcher.scoring.sums.OF_PAIR`."""
    share = amount / need[N_AMOUNT]
    total += part(share, weight[W_AMOUNT])
    covered = 1.0
    if pack[p, P_PLEDGE] < pack[p, P_PLEDGE_END]:
        covered = share if need[N_COLLATERAL_KNOWN] else 0.5
    total += part(covered, weight[W_COLLATERAL])
    if not np.isnan(low):
        total += part(1.0 - (low + high) / 2 / figures[R_LIMIT], weight[W_COST])
    if pack[p, P_DAYS] >= 0:
        total += part(1.0 - pack[p, P_DAYS] / figures[R_SPAN], weight[W_TIME])
    liked = 0.5 if np.isnan(appetite) else np.float64(appetite)
    total += part(liked, weight[W_APPETITE])
    total += part(np.float64(evidence) * figures[R_STANDING], weight[W_APPROVAL])
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


@njit(cache=True, nogil=True, forceinline=True)
def rules_failed(rows, pack, rules, states, p):  # type: ignore[no-untyped-def]
    """Return how many of the rules of a package fail."""
    failed = 0
    for r in range(pack[p, P_RULE], pack[p, P_RULE_END]):
        failed += states[rules[r, 1] + rows[rules[r, 0]]] == FAIL
    return failed


@njit(cache=True, nogil=True, forceinline=True)
def parts_failed(need, marks, kind, value, pack, parts, advance, p):  # type: ignore[no-untyped-def]
    """Return how many conditions fail but instrument and cost."""
    failed = 0
    if need[N_DEADLINE_KNOWN] and pack[p, P_DAYS] >= 0:
        failed += pack[p, P_DAYS] > need[N_DAYS]
    for q in range(pack[p, P_PART], pack[p, P_PART_END]):
        bank = parts[q, Q_INSTITUTION]
        failed += parts[q, Q_VALID] == 0
        failed += need[N_CONSENT] >= 0 and not marks[MAY_SEE, bank]
        failed += marks[RELATED, bank]
        least, most = parts[q, Q_AMOUNT_MIN], parts[q, Q_AMOUNT_MAX]
        failed += need[N_AMOUNT] < least or need[N_LEAST] > most
        term = need[N_TERM]
        failed += need[N_TERM_KNOWN] and (term < parts[q, Q_TERM_MIN] or term > parts[q, Q_TERM_MAX])
        if parts[q, Q_SECURED] and need[N_COLLATERAL_KNOWN]:
            required = max(need[N_LEAST], least)
            cover = cover_of(need, kind, value, parts, advance, q)
            failed += cover < required and required > parts[q, Q_UNSECURED]
    return failed
