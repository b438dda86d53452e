"""Which questions a session asks. Pure: relevance comes in as numbers, chance as a seed.

Invariant: nothing the user has just had comes back while something fresh is left, and a topic does
not come twice while another is left.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

from interviewer.schema import Difficulty, Format, Question, Rubric, Seniority, Setup

# Which difficulty suits whom; the others follow when these run out.
_SUITS: dict[Seniority, tuple[Difficulty, ...]] = {
    Seniority.JUNIOR: (Difficulty.EASY, Difficulty.MEDIUM),
    Seniority.MID: (Difficulty.EASY, Difficulty.MEDIUM, Difficulty.HARD),
    Seniority.SENIOR: (Difficulty.MEDIUM, Difficulty.HARD),
    Seniority.STAFF: (Difficulty.MEDIUM, Difficulty.HARD),
}
_RAPID_FIRE_COUNT = 20


def question_count(rubric: Rubric, setup: Setup) -> int:
    """Return how many questions fit the session: what was asked for, else what the minutes allow."""
    if setup.question_id:
        return 1
    if setup.count:
        return setup.count
    if setup.format is Format.DRILL:
        return _RAPID_FIRE_COUNT
    if setup.format is Format.STORY:
        return 1
    minutes = setup.minutes or rubric.minutes
    return max(1, round((minutes - rubric.closing_minutes) / rubric.minutes_per_question))


def choose_questions(
    candidates: Sequence[Question],
    setup: Setup,
    count: int,
    *,
    recent: Sequence[str] = (),
    relevance: Mapping[str, float] | None = None,
    seed: int,
) -> list[Question]:
    """Return up to `count` questions, easier ones first.

    `recent` are question ids, latest first. `relevance` maps question id to 0..1 for a topic or a
    job description; without it all are equal.
    """
    draw = random.Random(seed)
    left = draw.sample(list(candidates), len(candidates))
    age = {question_id: i for i, question_id in reversed(list(enumerate(recent)))}
    chosen: list[Question] = []
    while left and len(chosen) < count:
        topics = [q.topic for q in chosen]
        best = min(left, key=lambda q: _cost(q, setup, topics, age, relevance or {}))
        chosen.append(best)
        left.remove(best)
    order = list(Difficulty)
    return sorted(chosen, key=lambda q: order.index(q.difficulty))


def _cost(
    question: Question,
    setup: Setup,
    topics: Sequence[str],
    age: Mapping[str, int],
    relevance: Mapping[str, float],
) -> tuple[int, int, int, float]:
    """Order: fresh before recent (the longest ago first), apt level, new topic, most relevant.

    With a wish (topic or job description) relevance stands before variety.
    """
    recency = len(age) - age[question.id] if question.id in age else 0
    apt = question.difficulty in _SUITS[setup.seniority] and setup.seniority in question.seniority
    repeats = topics.count(question.topic)
    if relevance:
        nearness = round(10 * relevance.get(question.id, 0.0))
        return (recency, -nearness, repeats, float(not apt))
    return (recency, int(not apt), repeats, 0.0)
