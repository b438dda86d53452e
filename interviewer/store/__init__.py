"""Sessions, turns, grades, scorecards, usage and opinions in a database: the only sqlalchemy import."""

from interviewer.store.store import SessionRecord, Store
from interviewer.store.usage import UsageTotal

__all__ = ["SessionRecord", "Store", "UsageTotal"]
