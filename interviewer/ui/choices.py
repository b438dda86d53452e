"""What the drop-downs and cards offer, as (label, value) pairs. Pure."""

from __future__ import annotations

from interviewer.content import Bank
from interviewer.schema import Manner, Seniority

Choices = list[tuple[str, str]]

# The order of the loop in the syllabus; rounds added later follow.
_ORDER = ("ml_fundamentals", "system_design", "debugging", "behavioral")
# Here the candidate asks, or speaks of themselves and their plans: there is no story to read.
_NO_STORY = frozenset({"questions_for_interviewer", "self_introduction"})


def round_cards(bank: Bank) -> Choices:
    """Return the rounds that have questions: the name, and what it is on a second line."""
    found = [r for r in bank.rubrics.values() if bank.of_round(r.round)]
    found.sort(key=lambda r: _ORDER.index(r.round) if r.round in _ORDER else len(_ORDER))
    return [(f"{r.name}\n{r.description}", r.round) for r in found]


def round_choices(bank: Bank) -> Choices:
    """Return the rounds for a filter, with one for all."""
    return [("All rounds", ""), *((bank.rubrics[i].name, i) for _, i in round_cards(bank))]


def topic_choices(bank: Bank, round_id: str) -> Choices:
    """Return the topics of a round that have questions, with how many."""
    counts: dict[str, int] = {}
    for question in bank.of_round(round_id):
        counts[question.topic] = counts.get(question.topic, 0) + 1
    return [("Any topic", ""), *((f"{bank.topics[t].name} ({n})", t) for t, n in counts.items())]


def theme_choices(bank: Bank) -> Choices:
    """Return the questions that ask for a story, by theme."""
    return [
        (f"{bank.topics[q.topic].name}: {q.title}", q.id)
        for rubric in bank.rubrics.values()
        if rubric.reads_stories
        for q in bank.of_round(rubric.round)
        if q.topic not in _NO_STORY
    ]


def level_choices() -> Choices:
    return [(s.value.capitalize(), s.value) for s in Seniority]


def manner_choices() -> Choices:
    return [(m.value.capitalize(), m.value) for m in Manner]
