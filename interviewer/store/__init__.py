"""Sessions, turns, grades, scorecards and usage in a database: the only sqlalchemy import."""

from interviewer.store.store import SessionRecord, Store, UsageTotal

__all__ = ["SessionRecord", "Store", "UsageTotal"]
