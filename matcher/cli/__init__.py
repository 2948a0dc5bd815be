"""The command line: `matcher`, in Chinese or English."""

from matcher.cli.app import main

__all__ = ["main"]
