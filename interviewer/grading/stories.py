"""The story reader: which parts a told story has, whose deeds they are, what was measured, in quotes.

Every part that is found carries the words it was found in. Reads the candidate's turns only; knows
neither key points nor scores.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from interviewer.grading.story_evidence import (
    PARTS,
    Evidence,
    Measured,
    Ownership,
    Said,
    likeliest,
)
from interviewer.grading.story_observations import (
    Fillers,
    Level,
    count_fillers,
    judge_clarity,
    judge_impact,
    minutes_of,
)
from interviewer.grading.story_sentences import Reading, SentenceClassifier
from interviewer.schema import Quote, Rubric, SignalReading, Turn
from interviewer.text import words

if TYPE_CHECKING:
    from interviewer.embedding import Embedder

# "I led a project." tells no story: below this many words in all, nothing is read from them.
_LEAST_WORDS = 12
_UNDATED = datetime(1970, 1, 1, tzinfo=UTC)


class StorySentence(NamedTuple):
    """One sentence: characters `start` to `end`, its part, and how sure the reader is (0..1)."""

    start: int
    end: int
    label: str
    probability: float


class StoryReading(NamedTuple):
    """All that was read in one told story. A part that was not told is None."""

    sentences: tuple[StorySentence, ...]
    parts: dict[str, Quote | None]
    ownership: Ownership
    numbers: tuple[Measured, ...]
    tradeoff: Quote | None
    words: int
    minutes: float
    fillers: Fillers
    clarity: Level
    impact: Level


class StoryReader:
    """Reads told stories offline. Same text, same reading."""

    def __init__(self, embedder: Embedder) -> None:
        self._classifier = SentenceClassifier(embedder)

    def read(self, text: str, turn_id: int) -> StoryReading:
        """Read one story; quotes are of turn `turn_id` (from 1), whose stored text is `text`."""
        turn = Turn(id=turn_id, role="candidate", text=text, at=_UNDATED)
        evidence = self._gather((turn,))
        fillers, minutes, ownership = count_fillers(text), minutes_of(text), evidence.ownership()
        parts, numbers = {part: evidence.part(part) for part in PARTS}, evidence.numbers()
        results = [said.reading.span.text for said in evidence.told("result")]
        figures = [measured.figures for measured in numbers]
        return StoryReading(
            sentences=tuple(_sentence(said.reading) for said in evidence.said),
            parts=parts,
            ownership=ownership,
            numbers=numbers,
            tradeoff=evidence.tradeoff(),
            words=len(words(text)),
            minutes=minutes,
            fillers=fillers,
            clarity=judge_clarity(evidence.order(), fillers, minutes),
            impact=judge_impact(results, figures, len(ownership.own), ownership.share or 0.0),
        )

    def signals(self, turns: Sequence[Turn], rubric: Rubric) -> tuple[SignalReading, ...]:
        """Read the rubric's signals in all candidate turns of one exchange together."""
        evidence = self._gather([t for t in turns if t.role == "candidate" and not t.retracted])
        return tuple(evidence.signal(signal.id) for signal in rubric.signals)

    def _gather(self, turns: Sequence[Turn]) -> Evidence:
        enough = sum(len(words(turn.text)) for turn in turns) >= _LEAST_WORDS
        said = [
            Said(turn, reading) for turn in turns for reading in self._classifier.read(turn.text)
        ]
        return Evidence(said, self._classifier.thresholds(), enough)


def _sentence(reading: Reading) -> StorySentence:
    label = likeliest(reading)
    return StorySentence(reading.span.start, reading.span.end, label, reading.probabilities[label])
