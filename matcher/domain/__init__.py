"""What exists: frozen records of needs, products and rules; standard library only."""
