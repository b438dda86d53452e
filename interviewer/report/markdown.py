"""A scorecard, and a transcript, as Markdown for reading and downloading. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from interviewer.report.contests import charges_of
from interviewer.report.why import (
    doubt_words,
    grader_of,
    misconception_words,
    other_valid_words,
    views_of,
    worth_words,
)
from interviewer.report.wording import (
    PROMPTING_WORDS,
    VERDICT_MARKS,
    VERDICT_WORDS,
    first_overall_words,
    full_sentence,
    gain_words,
    grade_words,
    self_rating_words,
    stamp_words,
)
from interviewer.schema import (
    Contest,
    Contested,
    Graded,
    GraderStamp,
    PointVerdict,
    Question,
    QuestionResult,
    Rubric,
    Scorecard,
    Snapshot,
    Turn,
    contested_in,
)
from interviewer.tables import series_table, table_markdown


def scorecard_markdown(card: Scorecard, snapshot: Snapshot) -> str:
    """Return a scorecard as Markdown."""
    by_id = {q.id: q for q in snapshot.questions}
    own = " ".join(filter(None, [first_overall_words(card), self_rating_words(card)]))
    blocks = [
        f"# Scorecard: {snapshot.rubric.name}",
        headline(card),
        own,
        _criteria_table(card),
        "\n".join(f"- {observation}" for observation in card.observations),
        _gains(card),
        *[
            question_markdown(r, by_id[r.question_id], snapshot.rubric, card.contests)
            for r in card.questions
        ],
        f"Graded by {stamp_words(card.grader)}. Practice bar, uncalibrated.",
    ]
    return "\n\n".join(filter(None, blocks)) + "\n"


def headline(card: Scorecard) -> str:
    """Return the overall result in one sentence."""
    if card.overall is None:
        return f"**No overall score.** {card.withheld_because}"
    return (
        f"**{card.overall:.0f} of 100, {card.recommendation}** for {card.seniority} "
        "(practice bar, uncalibrated)."
    )


def question_markdown(
    result: QuestionResult, question: Question, rubric: Rubric, contests: Sequence[Contest] = ()
) -> str:
    """Return one question's result: verdicts with quote and why, contests, the better answer."""
    lines = [f"## {result.title}: {grade_words(result.grade)}", "", f"*{result.prompt}*", ""]
    if isinstance(result.grade, Graded):
        by_subject = {c.about: c for c in contests}
        lines += _points(result.grade, question, rubric, by_subject)
        lines += _charges(result.grade, question, rubric, by_subject)
        lines += _beside(result.grade, question, rubric)
    lines += ["", "Better answer:", "", f"> {result.better_answer}"]
    if result.staff:
        lines += ["", "What a staff engineer adds:", "", f"> {result.staff}"]
    return "\n".join(lines)


def _points(
    grade: Graded, question: Question, rubric: Rubric, contests: Mapping[Contested, Contest]
) -> Iterator[str]:
    claims = {p.id: p.claim for p in question.key_points}
    for verdict in grade.verdicts:
        contest = contests.get(contested_in(question.id, verdict))
        yield _verdict_line(verdict, claims[verdict.key_point_id])
        worth = worth_words(verdict, question, rubric)
        yield _why(full_sentence(verdict.reason), worth, grader_of(contest, grade.grader))
        yield from _views(contest)


def _charges(
    grade: Graded, question: Question, rubric: Rubric, contests: Mapping[Contested, Contest]
) -> Iterator[str]:
    listed = {m.id: m for m in question.misconceptions}
    for seen, contest, is_lifted in charges_of(grade, contests):
        head = "○ misconception, lifted" if is_lifted else "✗ misconception"
        false = listed[seen.misconception_id]
        taken_for = f"taken for: {full_sentence(false.claim)} Rather: {false.correction}"
        yield f"- {head}: “{seen.evidence.text}” {taken_for}"
        if not is_lifted:
            grader = grader_of(contest, grade.grader)
            cost = misconception_words(seen.misconception_id, question, rubric)
            yield _why(full_sentence(seen.reason), cost, grader, doubt_words(grader))
        yield from _views(contest)


def _beside(grade: Graded, question: Question, rubric: Rubric) -> Iterator[str]:
    for other in grade.other_valid:
        yield f"- ✓ also valid: {other.claim} “{other.evidence.text}”"
        yield _why("Right, and not listed.", other_valid_words(question, rubric), grade.grader)
    if grade.low_confidence:
        yield ""
        yield "Low confidence: parts of the answer fit no listed point; read it yourself."


def _views(contest: Contest | None) -> Iterator[str]:
    for view in views_of(contest) if contest else ():
        yield f"  - *Contested. {view.whose}:* {view.says}"


def _verdict_line(verdict: PointVerdict, claim: str) -> str:
    prompted = PROMPTING_WORDS[verdict.prompting] if verdict.evidence else ""
    head = f"- {VERDICT_MARKS[verdict.verdict]} {VERDICT_WORDS[verdict.verdict]}"
    head += f" ({prompted})" if prompted else ""
    quote = f" “{verdict.evidence.text}”" if verdict.evidence else ""
    return f"{head}: {claim}{quote}"


def _why(reason: str, worth: str, grader: GraderStamp, doubt: str = "") -> str:
    return f"  - *Why:* {reason} {worth} Graded by {stamp_words(grader)}. {doubt}".rstrip()


def _gains(card: Scorecard) -> str:
    if not card.gains:
        return ""
    items = "\n".join(f"- {gain_words(gain)}" for gain in card.gains)
    return f"What would have moved you up:\n\n{items}"


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
