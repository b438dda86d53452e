"""A scorecard, and a transcript, as Markdown for reading and downloading. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from interviewer.report.wording import PROMPTING_WORDS, VERDICT_MARKS, VERDICT_WORDS, grade_words
from interviewer.schema import (
    Graded,
    PointVerdict,
    Question,
    QuestionResult,
    Scorecard,
    Snapshot,
    Turn,
)
from interviewer.tables import series_table, table_markdown


def scorecard_markdown(card: Scorecard, snapshot: Snapshot) -> str:
    """Return a scorecard as Markdown."""
    by_id = {q.id: q for q in snapshot.questions}
    blocks = [
        f"# Scorecard: {snapshot.rubric.name}",
        headline(card),
        _criteria_table(card),
        *[f"- {observation}" for observation in card.observations],
        *[question_markdown(result, by_id[result.question_id]) for result in card.questions],
        f"Graded by {card.grader.name} {card.grader.version}"
        + (f" ({card.grader.model})" if card.grader.model else "")
        + ". Practice bar, uncalibrated.",
    ]
    return "\n\n".join(blocks) + "\n"


def headline(card: Scorecard) -> str:
    """Return the overall result in one sentence."""
    if card.overall is None:
        return f"**No overall score.** {card.withheld_because}"
    return (
        f"**{card.overall:.0f} of 100, {card.recommendation}** for {card.seniority} "
        "(practice bar, uncalibrated)."
    )


def question_markdown(result: QuestionResult, question: Question) -> str:
    """Return one question's result: verdicts with quotes, what was missed, the better answer."""
    lines = [f"## {result.title}: {grade_words(result.grade)}", "", f"*{result.prompt}*", ""]
    if isinstance(result.grade, Graded):
        claims = {p.id: p.claim for p in question.key_points}
        lines += [verdict_line(v, claims[v.key_point_id]) for v in result.grade.verdicts]
        corrections = {m.id: m.correction for m in question.misconceptions}
        for seen in result.grade.misconceptions:
            lines.append(
                f"- ✗ misconception: “{seen.evidence.text}” {corrections[seen.misconception_id]}"
            )
        if result.grade.low_confidence:
            lines += [
                "",
                "Low confidence: parts of the answer fit no listed point; read it yourself.",
            ]
    return "\n".join([*lines, "", "Better answer:", "", f"> {result.better_answer}"])


def verdict_line(verdict: PointVerdict, claim: str) -> str:
    """Return one key point's verdict as a list item with its quote and reason."""
    prompted = PROMPTING_WORDS[verdict.prompting]
    head = f"- {VERDICT_MARKS[verdict.verdict]} {VERDICT_WORDS[verdict.verdict]}"
    head += f" ({prompted})" if prompted else ""
    quote = f" “{verdict.evidence.text}”" if verdict.evidence else ""
    return f"{head}: {claim}{quote} {verdict.reason}"


def transcript_markdown(turns: Sequence[Turn], snapshot: Snapshot) -> str:
    """Return a transcript as Markdown; plotted series stand as tables."""
    return "\n\n".join(_turn_lines(turns, snapshot)) + "\n"


def series_of(turn: Turn, snapshot: Snapshot) -> list[tuple[str, str]]:
    """Return (caption, table as Markdown) for each series that a turn revealed."""
    if turn.move is None or not turn.move.fact_ids:
        return []
    question = next(q for q in snapshot.questions if q.id == turn.question_id)
    return [
        (fact.text, table_markdown(series_table(fact.series)))
        for fact in question.facts
        if fact.id in turn.move.fact_ids and fact.series
    ]


def _turn_lines(turns: Sequence[Turn], snapshot: Snapshot) -> Iterator[str]:
    for turn in turns:
        who = "Interviewer" if turn.role == "interviewer" else "Candidate"
        struck = " (taken back)" if turn.retracted else ""
        yield f"**{who}{struck}:** {turn.text}"
        for _, table in series_of(turn, snapshot):
            yield table


def _criteria_table(card: Scorecard) -> str:
    rows = ["| Criterion | Weight | Score | Level |", "|---|---|---|---|"]
    for c in card.criteria:
        score = f"{c.score:.0%}" if c.score is not None else "not assessed"
        level = f"{c.level} of 5: {c.anchor}" if c.level else c.reason
        rows.append(f"| {c.name} | {c.renormalised_weight:.0%} | {score} | {level} |")
    return "\n".join(rows)
