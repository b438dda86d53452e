"""A session as a page or a terminal shows it: a reading, changed by nobody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from interviewer.policy import State
from interviewer.schema import Grade, Turn
from interviewer.store import SessionRecord, UsageTotal


class SessionView(NamedTuple):
    """A session as a page or a terminal shows it."""

    record: SessionRecord
    turns: tuple[Turn, ...]
    state: State
    grades: Mapping[str, Grade]
    usage: UsageTotal
    paused: bool
    trouble: str | None

    @property
    def awaits_reply(self) -> bool:
        """Return whether the last message is the candidate's: a reply is due."""
        return self.turns[-1].role == "candidate"

    @property
    def finished(self) -> bool:
        return self.record.status == "finished"
