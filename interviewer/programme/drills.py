"""A drill by topic: what was answered, how well, what was missed. A pure reading of one session.

Invariant: what has no number (failed, not assessed) is counted apart and never enters a mean; what
the drill did not reach is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from interviewer.report.standing import missed_points
from interviewer.schema import Grade, Graded, Question, Snapshot, Topic, Unanswered


class TopicResult(NamedTuple):
    """One topic of a drill. `mean` is 0..1 over what has a number; None when nothing has."""

    topic: str
    reached: int
    answered: int
    ungraded: int
    mean: float | None
    missed: tuple[str, ...]


def by_topic(
    snapshot: Snapshot, grades: Mapping[str, Grade], topics: Mapping[str, Topic]
) -> list[TopicResult]:
    """Return a result per topic that was reached, the weakest first."""
    groups: dict[str, list[tuple[Question, Grade]]] = {}
    for question in snapshot.questions:
        grade = grades.get(question.id)
        if grade is not None and not _not_reached(grade):
            groups.setdefault(question.topic, []).append((question, grade))
    results = [
        _result(topics[topic].name if topic in topics else topic, group)
        for topic, group in groups.items()
    ]
    return sorted(results, key=lambda r: (r.mean is None, r.mean))


def _result(name: str, group: list[tuple[Question, Grade]]) -> TopicResult:
    scores = [_score(grade) for _, grade in group]
    numbers = [score for score in scores if score is not None]
    return TopicResult(
        topic=name,
        reached=len(group),
        answered=sum(not isinstance(grade, Unanswered) for _, grade in group),
        ungraded=scores.count(None),
        mean=sum(numbers) / len(numbers) if numbers else None,
        missed=tuple(
            p.claim for q, g in group if _score(g) is not None for p in missed_points(q, g)
        ),
    )


def _score(grade: Grade) -> float | None:
    if isinstance(grade, Graded):
        return grade.score
    return 0.0 if isinstance(grade, Unanswered) else None


def _not_reached(grade: Grade) -> bool:
    return isinstance(grade, Unanswered) and grade.reason == "out_of_time"
