"""What money costs: pure functions on exact numbers."""
