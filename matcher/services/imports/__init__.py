"""Files into the live market: read by a process that may come to harm, applied all or not."""

from matcher.services.imports.applying import Mode, apply_records
from matcher.services.imports.kind import IMPORT_KIND, ImportAsked, apply_previewed, ask_import

__all__ = ["IMPORT_KIND", "ImportAsked", "Mode", "apply_previewed", "apply_records", "ask_import"]
