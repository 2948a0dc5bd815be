"""One file for each resource; a route translates and decides nothing."""
