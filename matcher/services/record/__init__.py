"""The record of all that happened: append, verify, and a signed head for each day."""

from matcher.services.record.append import Happening, append, begin
from matcher.services.record.verify import faults_of_record

__all__ = ["Happening", "append", "begin", "faults_of_record"]
