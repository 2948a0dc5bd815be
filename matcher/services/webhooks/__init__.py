"""Webhooks: a bank's own system is told, signed, that something is new; what it is it fetches.

A delivery names events by number and leads by id and holds nothing of any firm. It comes at
least once: after an answer that was lost it comes again, with the same numbers. Whoever would
rather ask gets the same by `GET /leads?since=`.
"""
