"""Migrations of the schema; `matcher.store.schema` runs them."""
