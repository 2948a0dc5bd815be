"""Files in and out: a market as one workbook, a folder of CSV, JSON or TOML; the template.

Every format is read by the one schema in `matcher.files.tables`, from which the template and the
JSON Schema of the API derive as well.
"""

from matcher.files.reading import MarketFiles, read_market, read_records, read_table
from matcher.files.schema import json_schema
from matcher.files.sources import FileStamp
from matcher.files.template import write_template
from matcher.files.writing import write_json, write_record

__all__ = [
    "FileStamp",
    "MarketFiles",
    "json_schema",
    "read_market",
    "read_records",
    "read_table",
    "write_json",
    "write_record",
    "write_template",
]
