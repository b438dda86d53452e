"""The verdict a drill gives after each answer: what was said, what was missed, a better answer."""

from __future__ import annotations

from interviewer.report.standing import missed_points
from interviewer.report.wording import VERDICT_MARKS, VERDICT_WORDS, grade_words
from interviewer.schema import Grade, Graded, PointVerdict, Question


def verdict_markdown(question: Question, grade: Grade) -> str:
    """Return the verdict on one drill answer as Markdown."""
    lines = [f"**{grade_words(grade)}**"]
    if isinstance(grade, Graded):
        claims = {p.id: p.claim for p in question.key_points}
        lines += [_said(v, claims[v.key_point_id]) for v in grade.verdicts if v.evidence]
        corrections = {m.id: m.correction for m in question.misconceptions}
        lines += [f"- ✗ {corrections[m.misconception_id]}" for m in grade.misconceptions]
    missed = missed_points(question, grade)
    if missed:
        lines += ["", "Missing:", *(f"- ○ {p.claim}" for p in missed)]
    return "\n".join([*lines, "", "A better answer:", "", f"> {question.reference}"])


def _said(verdict: PointVerdict, claim: str) -> str:
    mark, words = VERDICT_MARKS[verdict.verdict], VERDICT_WORDS[verdict.verdict]
    quote = f" (“{verdict.evidence.text}”)" if verdict.evidence else ""
    return f"- {mark} {words}: {claim}{quote}"
