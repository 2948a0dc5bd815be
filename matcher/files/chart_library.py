"""pygal without its hook into imports.

For plug-ins of its own pygal looks at every later import, by an interface that Python has given up:
an ImportWarning each time, and since 3.12 nothing. There are none here, so it is taken out again.
"""

from __future__ import annotations

import sys

import pygal
from pygal.style import Style

sys.meta_path[:] = [f for f in sys.meta_path if type(f).__name__ != "PluginImportFixer"]

__all__ = ["Style", "pygal"]
