"""What is kept: tables, repositories that show an actor what is theirs, sessions, migrations.

Nothing here is created at import. `open_database` gives a `Database`; its `reading` and
`writing` give sessions, one transaction each; a repository takes a session and, where rows
belong to somebody, the actor who asks.
"""

from matcher.store.database import Database, open_database
from matcher.store.schema import upgrade

__all__ = ["Database", "open_database", "upgrade"]
