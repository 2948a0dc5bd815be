"""Which product fits which need, how well, and why: the bipartite scoring graph."""
