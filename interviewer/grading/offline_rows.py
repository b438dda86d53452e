"""Grades a question that nobody authored: a reference or plain key points, no wordings, no model.

The score adds up the probability of each point, so it is finer than the verdicts shown; what is
contradicted earns nothing, and length alone earns nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np

from interviewer.grading import weights
from interviewer.grading.batch import Item, PointGrade, RowGrade
from interviewer.grading.claims import Claim, split_claims
from interviewer.grading.evidence import latest_contradiction
from interviewer.grading.passages import Models, PassageReader, Said
from interviewer.grading.quotes import quote_span
from interviewer.grading.reading import Readings, read_targets, usable_windows
from interviewer.grading.screening import is_foreign, is_non_answer
from interviewer.grading.senses import Target
from interviewer.schema import GraderStamp, Turn, Verdict
from interviewer.synonyms import load_synonyms

VERSION = "4"
# Claims cut from a reference are rougher than authored ones, and word alignment knows them better. At 0, 0.4,
# 0.5 and 0.7, r on 360 answers of SAF (another field) is 0.71, 0.69, 0.67 and 0.64; of development answers to
# interview questions the paraphrase beats the confidently wrong one in 7%, 43%, 64% and 79%. Denials in
# their words are not looked for: r of SAF was 0.48 so.
_TRUST_IN_CUT_CLAIMS = 0.5
# What any text gets for any claim; below it nothing was said.
_CHANCE = 0.05
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


class OfflineGrader:
    """Grades rows; the same row gets the same grade, whatever else is graded."""

    def __init__(self, models: Models) -> None:
        self._passages = PassageReader(models)
        self._canonical = load_synonyms().canonical
        self.stamp = GraderStamp(name="offline", version=VERSION)

    def __call__(self, item: Item) -> RowGrade:
        """Grade one row."""
        claims = _claims(item)
        if not any(claim.weight for claim in claims):
            return RowGrade("failed", None, "the reference makes no claim that could be checked")
        if not item.answer.strip():
            return _zero(claims, "The answer is empty.")
        if is_foreign(item.answer):
            return RowGrade("not_assessed", None, "The answer is not in English.")
        if is_non_answer(item.answer):
            return _zero(claims, "The answer says that the candidate does not know.")
        windows = usable_windows(self._passages, [Said(0, item.answer)])
        if not windows:
            return _zero(claims, "No part of the text answers the question.")
        targets = [Target(c.text) for c in claims]
        trust = 1.0 if item.key_points else _TRUST_IN_CUT_CLAIMS
        readings = read_targets(
            self._passages, item.question, targets, windows, self._canonical, trust
        )
        return _grade(claims, readings, item.answer)


def _claims(item: Item) -> list[Claim]:
    if item.key_points:
        return [Claim(text.strip(), 1.0) for text in item.key_points]
    return split_claims(item.reference or "")


def _zero(claims: list[Claim], reason: str) -> RowGrade:
    points = tuple(PointGrade(c.text, Verdict.NOT_MET, None) for c in claims)
    return RowGrade("graded", 0.0, reason, points)


def _grade(claims: list[Claim], readings: Readings, answer: str) -> RowGrade:
    turn = Turn.model_construct(id=0, role="candidate", text=answer, at=_EPOCH)
    points: list[PointGrade] = []
    likely: list[float] = []
    for k, claim in enumerate(claims):
        against = latest_contradiction(readings, k)
        best = int(readings.said[k].argmax())
        said = 0.0 if against is not None else float(readings.said[k, best])
        verdict = Verdict.CONTRADICTED if against is not None else _verdict(said)
        window = readings.windows[best if against is None else against]
        quote = (
            quote_span(turn, window.start, window.end) if verdict is not Verdict.NOT_MET else None
        )
        points.append(PointGrade(claim.text, verdict, quote))
        likely.append(said)
    score = row_score(likely, claims)
    return RowGrade("graded", round(score, 4), _reason(points), tuple(points))


def row_score(likely: Sequence[float], claims: Sequence[Claim]) -> float:
    """Return the score of a row, 0..1, from how likely each of its claims is made."""
    earned = [max(0.0, p - _CHANCE) / (1.0 - _CHANCE) for p in likely]
    return float(np.average(earned, weights=[c.weight for c in claims]))


def _verdict(said: float) -> Verdict:
    if said >= weights.MET:
        return Verdict.MET
    return Verdict.PARTLY if said >= weights.PARTLY else Verdict.NOT_MET


def _reason(points: list[PointGrade]) -> str:
    """Say what was found and name the first thing missing or contradicted."""
    count = {v: sum(1 for p in points if p.verdict is v) for v in Verdict}
    text = f"{count[Verdict.MET]} of {len(points)} points met, {count[Verdict.PARTLY]} partly"
    if wrong := next((p for p in points if p.verdict is Verdict.CONTRADICTED), None):
        return f"{text}, {count[Verdict.CONTRADICTED]} contradicted, first: {wrong.text}"
    if missing := next((p for p in points if p.verdict is Verdict.NOT_MET), None):
        return f"{text}; missing first: {missing.text}"
    return f"{text}."
