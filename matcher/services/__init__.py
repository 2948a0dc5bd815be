"""One file a use case: the only code that joins files and engine."""
