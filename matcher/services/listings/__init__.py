"""The two lists of the national practice since October 2024, over the store.

The rules are `matcher.domain.lists`: what is applied for, what passes the five tests and is
recommended, and what banks decided within 30 days.
"""
