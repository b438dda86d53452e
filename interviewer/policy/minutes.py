"""How the candidate's minutes are shared out over a session. Pure; the shares are rubric data."""

from __future__ import annotations

from interviewer.schema import Format, Rubric, Setup, Snapshot


def minutes_allowed(snapshot: Snapshot, setup: Setup, stage: str | None) -> float:
    """Return the candidate's minutes for one part: a stage, or one of the unstaged questions."""
    rubric = snapshot.rubric
    whole = total_minutes(rubric, setup) - closing_minutes(rubric, setup)
    if stage is None:
        return whole / len(snapshot.questions)
    shares = {s.id: s.minutes for s in rubric.stages}
    return whole * shares[stage] / sum(shares.values()) / len(snapshot.questions)


def total_minutes(rubric: Rubric, setup: Setup) -> float:
    """Return the session's minutes of the candidate's own time."""
    return float(setup.minutes or rubric.minutes)


def closing_minutes(rubric: Rubric, setup: Setup) -> float:
    """Return the minutes kept for the candidate's own questions; only an interview keeps any."""
    if setup.format is not Format.INTERVIEW:
        return 0.0
    return min(rubric.closing_minutes, total_minutes(rubric, setup) / 10)
