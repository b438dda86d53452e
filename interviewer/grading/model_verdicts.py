"""Checked readings, one per window -> verdicts, misconceptions, signals and other ideas with quotes.

Pure. Invariant: what comes without a sentence of the candidate earns nothing and costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from interviewer.grading.model_reading import PointOut, Reading
from interviewer.grading.numbering import Sentence, quote_sentences
from interviewer.schema import (
    MisconceptionSeen,
    OtherValid,
    PointVerdict,
    Question,
    Rubric,
    SignalReading,
    Verdict,
)

_LONGEST_REASON = 300
_COVERAGE = (Verdict.NOT_MET, Verdict.PARTLY, Verdict.MET)


class Read(NamedTuple):
    """A checked reading of one window, with the sentences that its ids mean."""

    reading: Reading
    sentences: Mapping[str, Sentence]


def verdicts_of(point_ids: Iterable[str], reads: list[Read]) -> list[PointVerdict]:
    """Return one verdict per point: over windows coverage keeps the best, stance the latest."""
    found = []
    for point_id in point_ids:
        best: tuple[PointOut, Read] | None = None
        for read in reads:
            point = next(p for p in read.reading.points if p.id == point_id)
            if best is None or _supersedes(point.verdict, best[0].verdict):
                best = (point, read)
        assert best is not None
        point, read = best
        is_open = point.verdict is Verdict.NOT_MET
        found.append(
            PointVerdict(
                key_point_id=point.id,
                verdict=point.verdict,
                evidence=None if is_open else quote_sentences(point.sentences, read.sentences),
                reason=_reason(point.reason),
            )
        )
    return found


def _supersedes(new: Verdict, old: Verdict) -> bool:
    if new is Verdict.NOT_MET:
        return False
    if Verdict.CONTRADICTED in (new, old):
        return True
    return _COVERAGE.index(new) > _COVERAGE.index(old)


def misconceptions_of(question: Question, reads: list[Read]) -> tuple[MisconceptionSeen, ...]:
    """Return the listed misconceptions that come with a sentence; others are not held against anyone."""
    listed = {m.id for m in question.misconceptions}
    seen: dict[str, MisconceptionSeen] = {}
    for reading, known in reads:
        for m in reading.misconceptions:
            quote = quote_sentences(m.sentences, known)
            if m.id in listed and quote:
                seen[m.id] = MisconceptionSeen(
                    misconception_id=m.id, evidence=quote, reason=_reason(m.reason)
                )
    return tuple(seen.values())


def signals_of(rubric: Rubric, reads: list[Read]) -> tuple[SignalReading, ...]:
    """Return every signal of the rubric: seen with its sentence, not seen, or not told (None)."""
    signals: dict[str, SignalReading] = {}
    for reading, known in reads:
        for s in reading.signals:
            quote = quote_sentences(s.sentences, known) if s.seen else None
            if s.id not in signals or quote:
                seen = True if quote else None if s.seen else False
                signals[s.id] = SignalReading(
                    signal_id=s.id, seen=seen, evidence=quote, reason=_reason(s.reason)
                )
    silent = "The grader did not say."
    return tuple(
        signals.get(s.id) or SignalReading(signal_id=s.id, seen=None, reason=silent)
        for s in rubric.signals
    )


def other_valid_of(reads: list[Read]) -> tuple[OtherValid, ...]:
    found = [
        OtherValid(claim=o.claim, evidence=quote)
        for reading, known in reads
        for o in reading.other_valid
        if o.claim.strip() and (quote := quote_sentences(o.sentences, known))
    ]
    return tuple(found[:2])


def _reason(text: str) -> str:
    return text.strip()[:_LONGEST_REASON] or "The grader gave no reason."
