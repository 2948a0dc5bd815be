"""The what-if bench: changes put together by forms, asked as a run, kept, shared, thrown away.

Nothing here touches the live market: what is asked is a scenario, computed by a worker.
"""
