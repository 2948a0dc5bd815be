"""What templates are given: rows and records turned into what stands on a page."""
