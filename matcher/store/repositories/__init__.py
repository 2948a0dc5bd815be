"""Repositories: one file for each table that belongs to somebody."""

from matcher.store.repositories.base import EVERYTHING, NOTHING, Repository, not_found

__all__ = ["EVERYTHING", "NOTHING", "Repository", "not_found"]
