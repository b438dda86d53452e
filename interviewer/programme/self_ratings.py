"""How well candidates know where they stand: self-rating minus score over sessions. A pure reading.

Invariant: a trend holds sessions of one grader stamp only, and the score that this grader alone
gave; a scorecard by more than one grader is in no trend.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from interviewer.schema import Graded, GraderStamp, Scorecard


class Rated(NamedTuple):
    """One session: what the candidate expected and what the grader gave, both in percent."""

    session_id: str
    round: str
    rated_at: datetime
    expected: int
    score: float

    @property
    def difference(self) -> float:
        """Return how many points the candidate was above (or below) the score."""
        return self.expected - self.score


class Trend(NamedTuple):
    """All rated sessions that one grader graded, oldest first; there is at least one."""

    grader: GraderStamp
    rated: tuple[Rated, ...]

    @property
    def mean(self) -> float:
        """Return the mean difference in points."""
        return sum(r.difference for r in self.rated) / len(self.rated)


def trends_of(cards: Iterable[Scorecard]) -> list[Trend]:
    """Return a trend per grader of these scorecards (one a session, oldest first), longest first."""
    groups: dict[GraderStamp, list[Rated]] = {}
    for card in cards:
        grader, score = _only_grader(card), card.grader_overall
        if card.self_rating and grader and score is not None:
            groups.setdefault(grader, []).append(
                Rated(
                    session_id=card.session_id,
                    round=card.round,
                    rated_at=card.self_rating.rated_at,
                    expected=card.self_rating.percent,
                    score=score,
                )
            )
    found = [Trend(grader, tuple(rated)) for grader, rated in groups.items()]
    return sorted(found, key=lambda t: len(t.rated), reverse=True)


def _only_grader(card: Scorecard) -> GraderStamp | None:
    """Return the stamp that all numbers of a card carry; None when they carry several."""
    stamps = {r.grade.grader for r in card.questions if isinstance(r.grade, Graded)}
    return next(iter(stamps or {card.grader})) if len(stamps) <= 1 else None
