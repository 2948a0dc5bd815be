"""The enterprises' side: what is on offer to a firm, and why the rest is not."""
