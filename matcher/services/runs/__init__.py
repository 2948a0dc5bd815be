"""Runs as people ask for them: plans, what-ifs; listed, followed, cancelled, fetched."""
