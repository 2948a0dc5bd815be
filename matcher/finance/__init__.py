"""What money costs, and when it moves: pure functions on exact numbers.

Amounts are whole fen, rates are Decimal fractions, and nothing is a float. A figure is computed
exactly and rounded once, to the fen, halves away from zero (`rounding`).
"""
