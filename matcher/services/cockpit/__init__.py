"""The cockpit: needs, money, matches and pools in figures, over time and by group.

All figures are of the needs received in a period that fit a filter: how many, what they ask for,
which were matched, what was paid out to them and after how many days.
"""
