"""Leads: issued from a published plan, answered by institutions, followed to the money."""
