"""All needs × all packages at speed: bit masks, tables by class, and a compiled scan.

The reading is the same as that of `matcher.scoring.eligibility` and
`matcher.scoring.features`, edge for edge; tests hold the two equal. `find_candidates` tells how.
"""
