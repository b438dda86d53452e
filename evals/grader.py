"""How good the offline grader is on labelled interview answers: `python -m evals.grader [--split test]`.

Three ways in, on the same answers: `bank` (key points with their wordings), `points` (claims only),
`reference` (the reference answer only). Ordering counts ties as wrong. Prints a table and writes
evals/results/grader.json.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

from interviewer.content import load_bank
from interviewer.embedding import get_embedder
from interviewer.grading.batch import Item
from interviewer.grading.evidence import EvidenceReader
from interviewer.grading.offline import EvidenceGrader
from interviewer.grading.offline_rows import OfflineGrader
from interviewer.grading.stories import StoryReader
from interviewer.schema import Exchange, Graded, Question, Turn, Verdict

FOLDER = Path(__file__).parent
DATASET = FOLDER / "datasets" / "interview_answers"
_CLEAR_DIFFERENCE = 0.15
_NO_CREDIT = {
    "keyword_list",
    "parroted",
    "manipulation",
    "off_topic",
    "dont_know",
    "confident_wrong",
}


class Row(NamedTuple):
    """One labelled answer."""

    id: str
    question: Question
    kind: str
    level: float
    points: dict[str, str]
    split: str
    text: str


class Result(NamedTuple):
    """A row with what the grader made of it; `score` None when it was not assessed."""

    row: Row
    score: float | None
    verdicts: dict[str, Verdict]


def rows() -> list[Row]:
    """Return the labelled answers; a stage's answers are held against that stage alone."""
    bank = load_bank().questions
    found: list[Row] = []
    for path in sorted(DATASET.glob("*.jsonl")):
        for raw in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
            question = bank[raw["question_id"]]
            kept = tuple(p for p in question.key_points if p.id in raw["points"])
            question = question.model_copy(update={"key_points": kept})
            found.append(
                Row(
                    raw["id"],
                    question,
                    raw["kind"],
                    raw["level"],
                    raw["points"],
                    raw["split"],
                    raw["text"],
                )
            )
    return found


def graders() -> dict[str, Callable[[Row], Result]]:
    """Return the three ways of grading a row offline."""
    cache = FOLDER / "results" / ".vectors.sqlite3"
    general, tuned = get_embedder(cache), get_embedder(cache, "tuned")
    with_wordings = EvidenceGrader(EvidenceReader(general, tuned), StoryReader(general))
    plain = OfflineGrader(general, tuned)
    rubrics = load_bank().rubrics

    def bank(row: Row) -> Result:
        turn = Turn(id=1, role="candidate", text=row.text, at=datetime.now(UTC))
        exchange = Exchange(question=row.question, turns=(turn,))
        grade = with_wordings.grade(exchange, rubrics[row.question.round])
        if not isinstance(grade, Graded):
            return Result(row, 0.0 if grade.status == "unanswered" else None, {})
        return Result(row, grade.score, {v.key_point_id: v.verdict for v in grade.verdicts})

    def points(row: Row) -> Result:
        claims = [p.claim for p in row.question.key_points]
        grade = plain(
            Item(id=row.id, question=row.question.prompt, answer=row.text, key_points=claims)
        )
        ids = [p.id for p in row.question.key_points]
        verdicts = {i: p.verdict for i, p in zip(ids, grade.key_points, strict=False)}
        return Result(row, grade.score, verdicts)

    def reference(row: Row) -> Result:
        item = Item(
            id=row.id,
            question=row.question.prompt,
            answer=row.text,
            reference=row.question.reference,
        )
        return Result(row, plain(item).score, {})

    return {"bank": bank, "points": points, "reference": reference}


def figures(results: Sequence[Result]) -> dict[str, Any]:
    """Return the figures of one way of grading."""
    scored = [r for r in results if r.score is not None]
    return {
        "n": len(results),
        "coverage": len(scored) / len(results),
        "pearson": _pearson([r.row.level for r in scored], [r.score or 0.0 for r in scored]),
        "ordering": _share(_ordered(scored, any_length=True)),
        "ordering_not_by_length": _share(_ordered(scored, any_length=False)),
        "good > confident_wrong": _share(_above(scored, "good", "confident_wrong")),
        "paraphrase > confident_wrong": _share(_above(scored, "paraphrase", "confident_wrong")),
        "partial > keyword_list": _share(_above(scored, "partial", "keyword_list")),
        "weak > off_topic": _share(_above(scored, "weak", "off_topic")),
        "empty kinds above 0.40": _share(
            [(r.score or 0.0) > 0.4 for r in scored if r.row.kind in _NO_CREDIT]
        ),
        "mean_by_kind": _means(scored),
        "f1": {v.value: _f1(results, v) for v in Verdict},
    }


def length_figures(all_rows: Sequence[Row]) -> dict[str, Any]:
    """Return the same orderings when the number of words is the score: the baseline to beat."""
    longest = max(len(r.text.split()) for r in all_rows)
    return figures([Result(r, len(r.text.split()) / longest, {}) for r in all_rows])


def _ordered(results: Sequence[Result], *, any_length: bool) -> Iterator[bool]:
    for a, b in _pairs(results):
        better, worse = (a, b) if a.row.level > b.row.level else (b, a)
        if a.row.level - b.row.level and abs(a.row.level - b.row.level) >= _CLEAR_DIFFERENCE:
            shorter = len(better.row.text.split()) <= len(worse.row.text.split())
            if any_length or shorter:
                yield (better.score or 0.0) > (worse.score or 0.0)


def _above(results: Sequence[Result], better: str, worse: str) -> Iterator[bool]:
    for a, b in _pairs(results):
        for x, y in ((a, b), (b, a)):
            if (x.row.kind, y.row.kind) == (better, worse):
                yield (x.score or 0.0) > (y.score or 0.0)


def _pairs(results: Sequence[Result]) -> Iterator[tuple[Result, Result]]:
    by_question: dict[str, list[Result]] = defaultdict(list)
    for result in results:
        by_question[result.row.question.id].append(result)
    for group in by_question.values():
        yield from combinations(group, 2)


def _means(results: Sequence[Result]) -> dict[str, float]:
    kinds: dict[str, list[float]] = defaultdict(list)
    for r in results:
        kinds[r.row.kind].append(r.score or 0.0)
    return {kind: round(sum(s) / len(s), 3) for kind, s in sorted(kinds.items())}


def _f1(results: Sequence[Result], verdict: Verdict) -> dict[str, float]:
    said = [(r.row.points[p], v.value) for r in results for p, v in r.verdicts.items()]
    true = sum(a == b == verdict.value for a, b in said)
    claimed, labelled = sum(b == verdict for _, b in said), sum(a == verdict for a, _ in said)
    return {
        "precision": round(true / claimed, 3) if claimed else 0.0,
        "recall": round(true / labelled, 3) if labelled else 0.0,
        "n": labelled,
    }


def _pearson(x: Sequence[float], y: Sequence[float]) -> float:
    from scipy.stats import pearsonr

    return float(pearsonr(x, y)[0])


def _share(outcomes: Any) -> float:
    kept = list(outcomes)
    return round(sum(kept) / len(kept), 3) if kept else float("nan")


def main() -> None:
    """Grade all answers three ways and print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--split", choices=["dev", "test"])
    parser.add_argument("--way", choices=["bank", "points", "reference"])
    options = parser.parse_args()
    chosen = [r for r in rows() if options.split in (None, r.split)]
    report: dict[str, Any] = {"length": length_figures(chosen)}
    for name, grade in graders().items():
        if options.way in (None, name):
            report[name] = figures([grade(r) for r in chosen])
    if options.way is None:
        target = FOLDER / "results" / f"grader_{options.split or 'all'}.json"
        target.write_text(json.dumps(report, indent=2) + "\n")
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
