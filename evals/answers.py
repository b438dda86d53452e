"""The labelled answers that graders are measured on, and what a grader makes of one.

`interview_answers` is ours: every answer is labelled point by point and with a level by its author, and
by a second rater who saw neither. SAF is another field's, scored by people, with no key points.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from interviewer.content import load_bank
from interviewer.schema import Question, Verdict

DATASETS = Path(__file__).parent / "datasets"
INTERVIEW = DATASETS / "interview_answers"
SECOND_RATER = INTERVIEW / "second_rater.jsonl"
Split = Literal["dev", "test"]


class Answer(NamedTuple):
    """One labelled answer. `level` 0..1; `kind`, `points` and `question` only where they are known.

    `group` is what it is compared within: one question, or one stage of a staged one.
    """

    id: str
    group: str
    prompt: str
    reference: str
    text: str
    level: float
    kind: str = ""
    points: Mapping[str, str] = MappingProxyType({})
    question: Question | None = None
    misconceptions: frozenset[str] = frozenset()  # stated, of those that the question lists

    @property
    def words(self) -> int:
        """Return the length of the text."""
        return len(self.text.split())


class Result(NamedTuple):
    """What a grader made of an answer: a score 0..1, None when not assessed, and verdicts by point."""

    score: float | None
    verdicts: Mapping[str, Verdict] = MappingProxyType({})
    misconceptions: frozenset[str] = frozenset()


def interview_answers(split: Split | None = None) -> list[Answer]:
    """Return our labelled answers; those to one stage are held against the points of that stage."""
    questions = load_bank().questions
    return [
        _answer(row, questions[row["question_id"]])
        for path in sorted(INTERVIEW.glob("?.jsonl"))
        for row in _rows(path)
        if split in (None, row["split"])
    ]


def development_answers(use: Literal["tune", "fit"]) -> list[Answer]:
    """Return the development answers of some questions: for tuning a model, or for fitting on it.

    Weights fitted on what a model has seen would trust it too much, so the two share no question.
    """
    answers = interview_answers("dev")
    return [a for a in answers if (zlib.crc32(a.group.encode()) % 5 < 3) == (use == "tune")]


def labelled_points(but_tuned: bool = False) -> frozenset[str]:
    """Return `question/point` of every labelled point, and of misconceptions of those questions.

    What they are worded like is kept from tuning, so that both splits are unseen; `but_tuned` leaves
    out those of the answers that are tuned on.
    """
    found: set[str] = set()
    tuned = {answer.id for answer in development_answers("tune")} if but_tuned else set()
    for answer in interview_answers():
        if answer.question and answer.id not in tuned:
            linked = [m.id for m in answer.question.misconceptions if not m.key_point]
            found |= {f"{answer.question.id}/{name}" for name in (*answer.points, *linked)}
    return frozenset(found)


def saf_answers(most: int = 20) -> list[Answer]:
    """Return `most` answers of each question of SAF (communication networks), scored by people."""
    by_question: dict[str, list[Answer]] = {}
    for r in _rows(DATASETS / "saf" / "saf_dev.jsonl"):
        answer = Answer(
            r["id"], r["qid"], r["question"], r["reference"], r["answer"], float(r["human"])
        )
        by_question.setdefault(answer.group, []).append(answer)
    # In the order of a hash, since the file's order is that of its splits.
    return [
        answer
        for answers in by_question.values()
        for answer in sorted(answers, key=lambda a: zlib.crc32(a.id.encode()))[:most]
    ]


@cache
def second_labels() -> dict[str, Result]:
    """Return the second rater's labels by answer id, in the form of a grader's."""
    if not SECOND_RATER.exists():
        return {}
    return {
        row["id"]: Result(row["level"], {p: Verdict(v) for p, v in row["points"].items()})
        for row in _rows(SECOND_RATER)
    }


def _answer(row: dict[str, Any], question: Question) -> Answer:
    kept = tuple(p for p in question.key_points if p.id in row["points"])
    group = ":".join(filter(None, (question.id, row.get("stage"))))
    asked = question.model_copy(update={"key_points": kept})
    return Answer(
        row["id"],
        group,
        question.prompt,
        question.reference,
        row["text"],
        row["level"],
        row["kind"],
        row["points"],
        asked,
        frozenset(row.get("misconceptions", ())),
    )


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)
