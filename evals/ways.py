"""The ways of scoring an answer that the report card compares: our graders, and baselines to beat.

`bank` reads key points with their wordings; `points` plain claims; `reference` the reference alone,
as somebody's own question would be graded.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from evals.answers import Answer, Result, second_labels
from interviewer.content import load_bank
from interviewer.embedding import Embedder, get_embedder, get_models
from interviewer.grading.batch import Item, RowGrader
from interviewer.grading.evidence import EvidenceReader
from interviewer.grading.offline import EvidenceGrader
from interviewer.grading.offline_rows import OfflineGrader
from interviewer.grading.stories import StoryReader
from interviewer.schema import Exchange, Grade, Graded, Rubric, Turn, Verdict

Way = Callable[[Answer], Result]
CACHE = Path(__file__).parent / "results" / ".vectors.sqlite3"
_LONGEST = 200  # words; what the length baseline calls a full score


def offline_ways() -> dict[str, Way]:
    """Return the three ways in of the offline graders."""
    models = get_models(CACHE)
    rows = OfflineGrader(models)
    bank = bank_way(EvidenceGrader(EvidenceReader(models), StoryReader(models.general)).grade)
    return {"bank": bank, "points": points_way(rows), "reference": reference_way(rows)}


def baselines() -> dict[str, Way]:
    """Return what any grader has to beat."""
    return {
        "cosine": _cosine,
        "length": lambda a: Result(min(1.0, a.words / _LONGEST)),
        "always met": lambda a: Result(1.0, dict.fromkeys(a.points, Verdict.MET)),
        "constant": lambda _: Result(0.5),
        "random": lambda a: Result(random.Random(a.id).random()),
    }


def second_rater(answer: Answer) -> Result:
    """Return what the second rater, who saw no labels, made of the answer."""
    return second_labels()[answer.id]


def bank_way(grade: Callable[[Exchange, Rubric], Grade]) -> Way:
    """Return a way that grades as in an interview: one answer to an authored question."""
    rubrics = load_bank().rubrics

    def way(answer: Answer) -> Result:
        if answer.question is None:
            raise ValueError(f"{answer.id} answers no question of the bank")
        turn = Turn(id=1, role="candidate", text=answer.text, at=datetime.now(UTC))
        exchange = Exchange(question=answer.question, turns=(turn,))
        grade_ = grade(exchange, rubrics[answer.question.round])
        if not isinstance(grade_, Graded):
            return Result(0.0 if grade_.status == "unanswered" else None)
        return Result(
            grade_.score,
            {v.key_point_id: v.verdict for v in grade_.verdicts},
            frozenset(m.misconception_id for m in grade_.misconceptions),
        )

    return way


def points_way(grader: RowGrader) -> Way:
    """Return a way that is given plain key points, as `interviewer grade` may be."""

    def way(answer: Answer) -> Result:
        points = answer.question.key_points if answer.question else ()
        grade = grader(Item.model_validate(as_row(answer)))
        said = {p.id: g.verdict for p, g in zip(points, grade.key_points, strict=False)}
        return Result(grade.score, said)

    return way


def as_row(answer: Answer) -> dict[str, Any]:
    """Return the row that `interviewer grade` would be given, with plain key points."""
    claims = [p.claim for p in answer.question.key_points] if answer.question else []
    return {
        "id": answer.id,
        "question": answer.prompt,
        "answer": answer.text,
        "key_points": claims,
    }


def reference_way(grader: RowGrader) -> Way:
    """Return a way that is given a reference answer and nothing else."""

    def way(answer: Answer) -> Result:
        item = Item(
            id=answer.id, question=answer.prompt, answer=answer.text, reference=answer.reference
        )
        return Result(grader(item).score)

    return way


def _cosine(answer: Answer) -> Result:
    said, wanted = _embedder().vectors([answer.text, answer.reference])
    return Result(max(0.0, float(said @ wanted)))


@cache
def _embedder() -> Embedder:
    return get_embedder(CACHE)
