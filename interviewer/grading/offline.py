"""The offline grader: the evidence reader's verdicts, story signals, and the arithmetic."""

from __future__ import annotations

from interviewer.content import content_hash
from interviewer.grading.arithmetic import criterion_scores, question_score, with_prompting
from interviewer.grading.evidence import EvidenceReader
from interviewer.grading.exchange import better_of, credited_by_asking, unanswered
from interviewer.grading.offline_rows import VERSION
from interviewer.grading.stories import StoryReader
from interviewer.schema import (
    Exchange,
    Grade,
    Graded,
    GraderStamp,
    KeyPoint,
    NotAssessed,
    PointVerdict,
    Rubric,
    SignalReading,
    Verdict,
)

# What counts less than this for being about something else is no story for the prompt. Labelled stories that
# answer it stay above; a good story for another prompt cannot be told apart.
_ABOUT_IT = 0.3


class EvidenceGrader:
    """Grades offline, key point by key point, with quotes. Same exchange, same grade."""

    def __init__(self, reader: EvidenceReader, stories: StoryReader) -> None:
        self._reader = reader
        self._stories = stories

    @property
    def stamp(self) -> GraderStamp:
        """Return the offline grader's name and the version of its weights."""
        return GraderStamp(name="offline", version=VERSION)

    def grade(self, exchange: Exchange, rubric: Rubric) -> Grade:
        """Grade one exchange. What it cannot read becomes `NotAssessed`, what was left out earns 0."""
        left_out = unanswered(exchange)
        if left_out:
            return left_out
        question, turns = exchange.question, exchange.turns
        signals = self._stories.signals(exchange.answers, rubric) if rubric.reads_stories else ()
        worded = [p for p in question.key_points if p.signal is None]
        reading = self._reader.read(question, turns, worded)
        if reading.not_assessed:
            return NotAssessed(
                question_id=question.id, grader=self.stamp, reason=reading.not_assessed
            )
        credited = credited_by_asking(exchange)
        read = {
            v.key_point_id: better_of(v, credited.get(v.key_point_id)) for v in reading.verdicts
        }
        seen = {signal.signal_id: signal for signal in signals}
        verdicts = with_prompting(
            [
                read.get(p.id) or _from_signal(p, seen, reading.on_topic)
                for p in question.key_points
            ],
            turns,
        )
        criteria = criterion_scores(question, rubric, verdicts, reading.misconceptions)
        return Graded(
            question_id=question.id,
            question_hash=content_hash(question),
            rubric_version=rubric.version,
            grader=self.stamp,
            verdicts=verdicts,
            misconceptions=reading.misconceptions,
            signals=signals,
            unlisted=reading.unlisted,
            low_confidence=reading.low_confidence,
            criteria=criteria,
            score=question_score(criteria, rubric),
        )


def _from_signal(
    point: KeyPoint, signals: dict[str, SignalReading], on_topic: float
) -> PointVerdict:
    """Return what a signal says of its point; a story about something else shows nothing."""
    signal = signals.get(point.signal or "")
    if signal is None or signal.evidence is None:
        reason = signal.reason if signal else "Nothing in the story shows this."
        return PointVerdict(key_point_id=point.id, verdict=Verdict.NOT_MET, reason=reason)
    if on_topic < _ABOUT_IT:
        reason = "The story does not seem to answer this question."
        return PointVerdict(key_point_id=point.id, verdict=Verdict.NOT_MET, reason=reason)
    return PointVerdict(
        key_point_id=point.id, verdict=Verdict.MET, evidence=signal.evidence, reason=signal.reason
    )
