"""What the interviewer does next. Pure: (state, steer, limits) -> move; the values are rubric data.

Invariant: never probes what is met, never repeats a probe, challenge, hint, fact or twist, keeps
the clock and the follow-up budget, and always ends. Knows no wording, model, store or clock.
"""

from interviewer.policy.minutes import closing_minutes, minutes_allowed, total_minutes
from interviewer.policy.rules import decide, opening
from interviewer.policy.state import State, follow, parts_of
from interviewer.policy.value import missing_points

__all__ = [
    "State",
    "closing_minutes",
    "decide",
    "follow",
    "minutes_allowed",
    "missing_points",
    "opening",
    "parts_of",
    "total_minutes",
]
