"""Can the bank be graded? `python -m evals.gradability [--only PART]` -> results/gradability.json.

A question is gradable if its own reference and a second author's paraphrase of it, written without
sight of the key points, score high on it, and the references of other questions score low.
"""

from __future__ import annotations

import argparse
import json
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from evals.answers import DATASETS, Answer
from evals.ways import Way, offline_ways
from interviewer.content import Bank, load_bank
from interviewer.grading.offline_rows import VERSION
from interviewer.schema import Question, Verdict

RESULT = Path(__file__).parent / "results" / "gradability.json"
PARAPHRASES = DATASETS / "paraphrases.jsonl"
# What the issue asks for: at least this of a paraphrase, at most this of another question's reference.
LEAST_OF_ITS_OWN, MOST_WITHIN_TOPIC, MOST_ELSEWHERE = 0.8, 0.5, 0.2
# All pairs of a topic are graded, of the 60,000 others this many per question, half of its round.
_ELSEWHERE = 2
_SHOWN = 60  # rows outside the limits that are written down, the worst
_SHORT_OF_MET = (Verdict.PARTLY, Verdict.NOT_MET, Verdict.CONTRADICTED)


class Case(NamedTuple):
    """A text to grade on a question; `source` says whose it is."""

    question: Question
    source: str
    text: str


class Scored(NamedTuple):
    """What a case earned, and the verdict of each point. No score: not assessed."""

    case: Case
    score: float | None
    verdicts: Mapping[str, Verdict] = MappingProxyType({})

    def points(self, *verdicts: Verdict) -> list[str]:
        """Return the ids of the points with one of these verdicts."""
        return [point for point, verdict in self.verdicts.items() if verdict in verdicts]


def own_references(bank: Bank) -> list[Case]:
    """Return each reference with its own question."""
    return [Case(q, "reference", q.reference) for q in bank.questions.values()]


def references_within_topic(bank: Bank) -> list[Case]:
    """Return each question with the references of all others of its topic."""
    return [
        _borrowed(q, other)
        for q in bank.questions.values()
        for other in bank.questions.values()
        if other.topic == q.topic and other.id != q.id
    ]


def references_elsewhere(bank: Bank, each: int = _ELSEWHERE) -> list[Case]:
    """Return each question with `each` references of other topics, half of them of its round.

    Which ones is a hash's choice, so that a new question changes few of the others' pairs.
    """
    found: list[Case] = []
    for q in bank.questions.values():
        others = [o for o in bank.questions.values() if o.topic != q.topic]
        others.sort(key=lambda o, q=q: zlib.crc32(f"{q.id}/{o.id}".encode()))  # type: ignore[misc]
        near = [o for o in others if o.round == q.round][: each // 2]
        far = [o for o in others if o.round != q.round][: each - len(near)]
        found += [_borrowed(q, other) for other in (*near, *far)]
    return found


def paraphrases(bank: Bank, path: Path = PARAPHRASES) -> list[Case]:
    """Return the paraphrases of references that are in the file, if there is one."""
    if not path.exists():
        return []
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    return [Case(bank.questions[r["question"]], r["author"], r["answer"]) for r in rows]


def score(cases: Iterable[Case], way: Way) -> Iterator[Scored]:
    """Grade each case as one answer in an interview."""
    for case in cases:
        q = case.question
        answer = Answer(
            f"{q.id}/{case.source}", q.id, q.prompt, q.reference, case.text, 0.0, question=q
        )
        result = way(answer)
        yield Scored(case, result.score, result.verdicts)


def summary(scored: Sequence[Scored], least: float = 0.0, most: float = 1.0) -> dict[str, Any]:
    """Return count, mean, share within the limits, the share per round, and what lies outside.

    The worst outside come with their scores and, where too little was earned, with the points to
    blame. No reference contradicts its own points: what is taken for that is the grader's mistake.
    """
    assessed = [s for s in scored if s.score is not None]
    if not assessed:
        return {"n": 0}
    outside = [s for s in assessed if not least <= _earned(s) <= most]
    outside.sort(key=_earned, reverse=least == 0)
    return {
        "n": len(assessed),
        "not_assessed": len(scored) - len(assessed),
        "mean": round(sum(map(_earned, assessed)) / len(assessed), 3),
        "within": round(1 - len(outside) / len(assessed), 3),
        "within_by_round": _within_by_round(assessed, least, most),
        "points": _points(assessed),
        "outside": [_row(s, show_points=least > 0) for s in outside[:_SHOWN]],
    }


def missed_points(own: Sequence[Scored], told_again: Sequence[Scored]) -> list[str]:
    """Return `question/point` that neither its reference nor any paraphrase of that makes, even partly.

    These are points that the grader cannot read or that the reference does not make.
    """
    retold = {s.case.question.id for s in told_again}
    tellings = [s for s in (*own, *told_again) if s.case.question.id in retold]
    made = {
        f"{s.case.question.id}/{point}"
        for s in tellings
        for point in s.points(Verdict.MET, Verdict.PARTLY)
    }
    return sorted(
        {f"{s.case.question.id}/{point}" for s in tellings for point in s.verdicts} - made
    )


def report(part: str, bank: Bank, way: Way) -> dict[str, Any]:
    """Grade one part and return its figures; with paraphrases, also the points no telling makes."""
    find, least, most = PARTS[part]
    scored = list(score(find(bank), way))
    figures = {part: summary(scored, least, most)}
    if part == "paraphrases":
        retold = {s.case.question.id for s in scored}
        own = score((c for c in own_references(bank) if c.question.id in retold), way)
        figures["ungradable_points"] = {"points": missed_points(list(own), scored)}
    return figures


PARTS: dict[str, tuple[Callable[[Bank], list[Case]], float, float]] = {
    "own": (own_references, LEAST_OF_ITS_OWN, 1.0),
    "paraphrases": (paraphrases, LEAST_OF_ITS_OWN, 1.0),
    "within_topic": (references_within_topic, 0.0, MOST_WITHIN_TOPIC),
    "elsewhere": (references_elsewhere, 0.0, MOST_ELSEWHERE),
}


def _borrowed(question: Question, other: Question) -> Case:
    return Case(question, other.id, other.reference)


def _earned(scored: Scored) -> float:
    return scored.score or 0.0


def _within_by_round(assessed: Sequence[Scored], least: float, most: float) -> dict[str, float]:
    rounds: Mapping[str, list[bool]] = defaultdict(list)
    for s in assessed:
        rounds[s.case.question.round].append(least <= _earned(s) <= most)
    return {r: round(sum(inside) / len(inside), 3) for r, inside in sorted(rounds.items())}


def _row(scored: Scored, show_points: bool) -> dict[str, Any]:
    row = {
        "question": scored.case.question.id,
        "answer": scored.case.source,
        "score": round(_earned(scored), 3),
    }
    points = {verdict.value: scored.points(verdict) for verdict in _SHORT_OF_MET}
    return row | (points if show_points else {})


def _points(assessed: Sequence[Scored]) -> dict[str, float]:
    """Return the share of each verdict short of met among all points."""
    count = sum(len(s.verdicts) for s in assessed)
    return {
        verdict.value: round(sum(len(s.points(verdict)) for s in assessed) / max(1, count), 3)
        for verdict in _SHORT_OF_MET
    }


def main() -> None:
    """Measure part by part; what is done is kept if the rest is interrupted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=PARTS, action="append", help="measure this part anew")
    bank, way = load_bank(), offline_ways()["bank"]
    stamp = {"grader": f"offline:{VERSION}", "made": datetime.now(UTC).date().isoformat()}
    for part in parser.parse_args().only or PARTS:
        kept = json.loads(RESULT.read_text(encoding="utf-8")) if RESULT.exists() else {}
        figures = {name: stamp | found for name, found in report(part, bank, way).items()}
        RESULT.write_text(json.dumps(kept | figures, indent=1) + "\n", encoding="utf-8")
        print(_line(part, figures[part]))


def _line(part: str, found: dict[str, Any]) -> str:
    if not found["n"]:
        return f"{part}: nothing to grade"
    return f"{part}: {found['n']} graded, mean {found['mean']}, within the limits {found['within']:.0%}"


if __name__ == "__main__":
    main()
