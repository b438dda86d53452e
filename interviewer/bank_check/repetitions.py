"""Questions that ask nearly the same, and key points of one question that are nearly the same.

Similarity finds copies with some words changed. The same thing asked in other words looks as unlike
as two questions do (a prompt and its own recalls: cosine 0.42 in the middle), so that is left to readers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from typing import Any

import numpy as np

from interviewer.bank_check.vectors import Vectors, stack
from interviewer.embedding import FloatArray
from interviewer.schema import Question

# The nearest texts of two questions in the bank are at 0.81 (two papers by the ResNet authors), and
# all pairs above 0.7 were read: none asks the same.
_SAME_QUESTION = 0.85
# Two questions whose claims answer to each other one by one: the bank's nearest are at 0.66 (two stories
# told by the same parts); a question whose claims are said again in the field's words is at 0.47 to its own.
_SAME_POINTS = 0.75
# Within a question the nearest two are at 0.84, the same formula for weights and for inputs. Between
# questions a claim may come back (the same fact serves two), so only whole questions are compared.
_SAME_POINT = 0.9


def repeatable_texts(question: Question) -> Iterator[str]:
    """Yield each text that the checks below need a vector of."""
    yield from (*_asked(question), *_claims(question))


def repeated_points(question: Question, vectors: Vectors) -> Iterator[tuple[str, str]]:
    """Yield (key, problem) for each key point that repeats an earlier one of the question."""
    for one, other in combinations(question.key_points, 2):
        if float(vectors[one.claim] @ vectors[other.claim]) > _SAME_POINT:
            yield (
                f"{question.id}.key_points[{other.id}]",
                f"says nearly what {one.id} says; merge the two or tell them apart",
            )


def repeated_questions(
    questions: Sequence[Question], vectors: Vectors
) -> Iterator[tuple[str, str]]:
    """Yield (key, problem) for each question that asks nearly what an earlier one asks."""
    if len(questions) < 2:
        return
    asked = _likeness([_asked(q) for q in questions], vectors, np.max)
    wanted = _likeness([_claims(q) for q in questions], vectors, np.mean)
    for k, question in enumerate(questions):
        for other, same_question, same_points in zip(questions, asked[k], wanted[k], strict=True):
            if other is question:
                break
            if same_question > _SAME_QUESTION:
                yield question.id, f"asks nearly what {other.id} asks; change or remove one"
            elif same_points > _SAME_POINTS:
                yield question.id, f"wants the key points of {other.id}; change or remove one"


def _asked(question: Question) -> tuple[str, ...]:
    return (question.prompt, *question.recall)


def _claims(question: Question) -> tuple[str, ...]:
    return tuple(point.claim for point in question.key_points)


def _likeness(
    groups: Sequence[Sequence[str]], vectors: Vectors, over: Callable[..., Any]
) -> FloatArray:
    """Return groups x groups: the nearness of a group's texts to their nearest of another.

    `over` makes one number of a group's texts; the mean of both directions.
    """
    rows = stack(vectors, [text for group in groups for text in group])
    ends = np.cumsum([len(group) for group in groups])
    starts = np.concatenate([[0], ends[:-1]])
    nearest = np.maximum.reduceat(rows @ rows.T, starts, axis=1)
    one_way = np.stack([over(nearest[a:b], axis=0) for a, b in zip(starts, ends, strict=True)])
    return np.asarray((one_way + one_way.T) / 2, dtype=np.float32)
