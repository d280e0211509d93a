"""What the service keeps: one database, SQLite or PostgreSQL, and every statement of SQL.

Functions take a session that a `Database` gave; what one session writes stands or falls together.
"""

from api.store.database import Database
from api.store.migrate import migrate
from api.store.who import Who

__all__ = ["Database", "Who", "migrate"]
