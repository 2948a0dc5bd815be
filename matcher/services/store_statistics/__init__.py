"""Statistics over the store: what came of leads, needs, deals and events."""
