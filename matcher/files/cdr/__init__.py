"""Product Reference Data of the Australian Consumer Data Right, read as a product catalogue."""

from matcher.files.cdr.catalogue import Catalogue, Refusal, read_cdr

__all__ = ["Catalogue", "Refusal", "read_cdr"]
