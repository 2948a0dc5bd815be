"""What both databases reckon, each in its way: the day in China, seconds between, a hint.

SQLite keeps a moment as the text of its UTC time with six digits of a second; its own functions
would round those to three, and with them a second, and a day.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Date
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement, GenericFunction


class china_day(GenericFunction[Any]):
    """The day in China of a moment."""

    type = Date()
    inherit_cache = True


class whole_seconds(GenericFunction[Any]):
    """The whole seconds from one moment to another; what is less than one does not count."""

    type = BigInteger()
    inherit_cache = True


class not_by_index(GenericFunction[Any]):
    """The same value; SQLite takes no index in the order of a column for its sake.

    It would rather read every row in order than a whole index that has all that is asked for.
    """

    inherit_cache = True


@compiles(not_by_index)
def _plain(element: FunctionElement[Any], compiler: SQLCompiler, **options: Any) -> str:
    return "".join(_parts(element, compiler, options))


@compiles(not_by_index, "sqlite")
def _plus(element: FunctionElement[Any], compiler: SQLCompiler, **options: Any) -> str:
    return "+" + "".join(_parts(element, compiler, options))


def _parts(
    element: FunctionElement[Any], compiler: SQLCompiler, options: dict[str, Any]
) -> list[str]:
    return [compiler.process(one, **options) for one in element.clauses]


@compiles(china_day, "sqlite")
def _day_in_sqlite(element: FunctionElement[Any], compiler: SQLCompiler, **options: Any) -> str:
    (moment,) = _parts(element, compiler, options)
    return f"date(substr({moment}, 1, 19), '+8 hours')"


@compiles(china_day, "postgresql")
def _day_in_postgres(element: FunctionElement[Any], compiler: SQLCompiler, **options: Any) -> str:
    (moment,) = _parts(element, compiler, options)
    return f"CAST(({moment}) AT TIME ZONE 'UTC' + INTERVAL '8 hours' AS DATE)"


@compiles(whole_seconds, "sqlite")
def _seconds_in_sqlite(element: FunctionElement[Any], compiler: SQLCompiler, **options: Any) -> str:
    since, until = (
        f"(CAST(strftime('%s', substr({moment}, 1, 19)) AS INTEGER) * 1000000"
        f" + CAST(substr({moment}, 21, 6) AS INTEGER))"
        for moment in _parts(element, compiler, options)
    )
    return f"(({until} - {since}) / 1000000)"


@compiles(whole_seconds, "postgresql")
def _seconds_in_postgres(
    element: FunctionElement[Any], compiler: SQLCompiler, **options: Any
) -> str:
    since, until = _parts(element, compiler, options)
    return f"CAST(trunc(EXTRACT(EPOCH FROM ({until}) - ({since}))) AS BIGINT)"
