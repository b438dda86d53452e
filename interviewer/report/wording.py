"""How verdicts and grades are put into words: never by colour or symbol alone. Pure."""

from __future__ import annotations

from interviewer.schema import Gain, Grade, Graded, GraderStamp, Prompting, Scorecard, Verdict

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


def full_sentence(text: str) -> str:
    """Return a text that ends like a sentence."""
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def stamp_words(stamp: GraderStamp) -> str:
    """Return who graded: name, version, and the model if one did."""
    return f"{stamp.name} {stamp.version}" + (f" ({stamp.model})" if stamp.model else "")


def gain_words(gain: Gain) -> str:
    """Return what one missing point would have added."""
    claim = full_sentence(gain.claim)
    lift = f" It would lift {gain.criterion} from {gain.level} to {gain.level_with_it}."
    return f"{_points(gain.overall)}: {claim}" + (lift if gain.level_with_it > gain.level else "")


def _points(percent: float) -> str:
    amount = f"{round(percent, 1):g}"
    return f"+{amount} point{'s' * (amount != '1')}"


def first_overall_words(card: Scorecard) -> str:
    """Return what the score was before contests were decided; empty if none was."""
    if card.first_overall is None:
        return ""
    return f"It was {card.first_overall:.0f} before a second reader decided what you contested."


def self_rating_words(card: Scorecard) -> str:
    """Return the candidate's own rating beside what the grader gave first; empty without one."""
    if card.self_rating is None:
        return ""
    own = f"You expected {card.self_rating.percent}"
    if card.grader_overall is None:
        return f"{own}; there is no overall score to compare it with."
    # What a second reader changed afterwards is no matter of how well one knows where one stands.
    score = "the score" if card.first_overall is None else "the first score"
    return f"{own}: {difference_words(card.self_rating.percent - card.grader_overall, score)}."


def difference_words(difference: float, score: str = "the score") -> str:
    """Return how far a self-rating lies from the score, in whole points."""
    amount = abs(round(difference))
    if amount == 0:
        return f"just what {score} says"
    side = "above" if difference > 0 else "below"
    return f"{amount} point{'s' * (amount != 1)} {side} {score}"
