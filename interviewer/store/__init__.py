"""Sessions, turns, grades, scorecards, usage and opinions in a database: the only sqlalchemy import."""

from interviewer.store.store import SessionRecord, Store, UsageTotal

__all__ = ["SessionRecord", "Store", "UsageTotal"]
