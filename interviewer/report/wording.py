"""How verdicts and grades are put into words: never by colour or symbol alone. Pure."""

from __future__ import annotations

from interviewer.schema import Grade, Graded, Prompting, Verdict

VERDICT_WORDS = {
    Verdict.MET: "made",
    Verdict.PARTLY: "partly made",
    Verdict.NOT_MET: "not made",
    Verdict.CONTRADICTED: "contradicted",
}
VERDICT_MARKS = {
    Verdict.MET: "✓",
    Verdict.PARTLY: "◐",
    Verdict.NOT_MET: "○",
    Verdict.CONTRADICTED: "✗",
}
PROMPTING_WORDS = {
    Prompting.UNPROMPTED: "",
    Prompting.PROBED: "after a follow-up",
    Prompting.HINTED: "after a hint",
}
_LEFT_OUT = {
    "skipped": "skipped",
    "dont_know": "answered with “I don't know”",
    "out_of_time": "not reached",
}


def grade_words(grade: Grade) -> str:
    """Return a grade in a few words: its percent, or why it has none."""
    if isinstance(grade, Graded):
        return f"{grade.score:.0%}"
    if grade.status == "unanswered":
        return f"0% ({_LEFT_OUT[grade.reason]})"
    if grade.status == "not_assessed":
        return f"not assessed: {grade.reason}"
    return f"not graded yet: {grade.reason}"
