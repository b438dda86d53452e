"""Reads an exchange for its key points without any model: verdicts with verbatim quotes and reasons.

Coverage keeps the best, stance keeps the latest: a later correction clears a contradiction, and a
right claim taken back is void. Must not know scores, rubrics or sessions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from interviewer.grading import weights
from interviewer.grading.alignment import pairs
from interviewer.grading.misconceptions import stated
from interviewer.grading.passages import Models, PassageReader, Said, Window, overlap
from interviewer.grading.quotes import is_verbatim, quote_span
from interviewer.grading.reading import (
    ON_TOPIC_FROM,
    STORY_ON_TOPIC_FROM,
    Readings,
    read_targets,
    usable_windows,
)
from interviewer.grading.screening import is_foreign, is_non_answer
from interviewer.grading.senses import Target
from interviewer.schema import (
    KeyPoint,
    MisconceptionSeen,
    PointVerdict,
    Question,
    Quote,
    Turn,
    Verdict,
)
from interviewer.synonyms import load_synonyms

_ON_TOPIC = 0.35
_UNLISTED_WORDS = 8
_SHOWN = 3
# Outside its stage a point counts from this probability on, where no other point is likelier. Of what the
# development answers say, told in another stage, 65% is still found; told in its own stage an answer
# is credited 0.33 points of others, where 2.6 reach the bar of points met.
_CLEAR = 0.9


class Reading(NamedTuple):
    """What was found; verdicts in the order of the points. `not_assessed` gives a reason or None.

    on_topic: how far what was said is about the question and may count, 0..1; the verdicts know it.
    """

    verdicts: tuple[PointVerdict, ...]
    misconceptions: tuple[MisconceptionSeen, ...] = ()
    unlisted: tuple[Quote, ...] = ()
    low_confidence: bool = False
    not_assessed: str | None = None
    on_topic: float = 1.0


class EvidenceReader:
    """Reads exchanges with small models; keeps what it read of key points for the next time."""

    def __init__(self, models: Models) -> None:
        self._passages = PassageReader(models)
        self._canonical = load_synonyms().canonical

    def get_ready(self, question: Question) -> None:
        """Embed what the first answer will be held against, so that reading it is quicker."""
        points = [(p.claim, *p.right, *p.wrong) for p in question.key_points if not p.signal]
        false = [(m.claim, *m.wordings, m.correction) for m in question.misconceptions]
        wordings = [text for texts in (*points, *false) for text in texts]
        self._passages.prepare([question.prompt, *wordings])
        self._passages.prepare_vectors([question.prompt, question.reference])

    def read(
        self, question: Question, turns: Sequence[Turn], points: Sequence[KeyPoint]
    ) -> Reading:
        """Return a verdict for each point over all that the candidate said and did not retract."""
        answers = [t for t in turns if t.role == "candidate" and not t.retracted and t.text.strip()]
        said = "\n".join(t.text for t in answers)
        if is_foreign(said):
            return Reading((), not_assessed="The answer is not in English, so it was not assessed.")
        if not said or is_non_answer(said):
            return Reading(_all_missing(points, "Nothing was said about it."))
        windows = usable_windows(self._passages, _said(answers))
        if not windows or not points:
            return Reading(_all_missing(points, "No part of the answer speaks about it."))
        targets = [Target(p.claim, p.right, p.wrong) for p in points]
        by_id = {t.id: t for t in answers}
        readings = _in_stage(self._read(question, targets, windows), points, by_id)
        verdicts = tuple(self._verdict(point, k, readings, by_id) for k, point in enumerate(points))
        seen = self._misconceptions(question, readings, by_id)
        unlisted = _unlisted(readings, verdicts, self._topic(question, windows), by_id)
        grey = sum(1 for row in readings.said if weights.PARTLY <= row.max() < weights.MET)
        unsure = bool(unlisted) or grey > len(points) / 2
        return Reading(verdicts, seen, unlisted, unsure, on_topic=readings.on_topic)

    def _read(
        self, question: Question, targets: Sequence[Target], windows: Sequence[Window]
    ) -> Readings:
        is_story = any(p.signal for p in question.key_points)
        return read_targets(
            self._passages,
            question.prompt,
            targets,
            windows,
            self._canonical,
            on_topic_from=STORY_ON_TOPIC_FROM if is_story else ON_TOPIC_FROM,
        )

    def _verdict(
        self, point: KeyPoint, k: int, readings: Readings, turns: dict[int, Turn]
    ) -> PointVerdict:
        against = latest_contradiction(readings, k)
        if against is not None:
            window = readings.windows[against]
            why = readings.conflicts.get((k, against))
            because = f"it {why.reason}" if why else "it comes close to a wrong wording of it"
            return PointVerdict(
                key_point_id=point.id,
                verdict=Verdict.CONTRADICTED,
                evidence=_quote(window, turns),
                reason=f"This goes against the point ({because}): {point.claim}",
            )
        best = int(readings.said[k].argmax())
        said = float(readings.said[k, best])
        verdict = _verdict_of(said)
        found, missing = self._shared(point, readings.windows[best])
        if verdict is Verdict.NOT_MET:
            return PointVerdict(
                key_point_id=point.id, verdict=verdict, reason=_missing_reason(found, missing)
            )
        evidence = _quote(readings.windows[best], turns)
        return PointVerdict(
            key_point_id=point.id,
            verdict=verdict,
            evidence=evidence,
            reason=_credit_reason(verdict, found, missing),
            sureness=round(said, 2),
        )

    def _shared(self, point: KeyPoint, window: Window) -> tuple[list[str], list[str]]:
        """Return the claim's content words that the window speaks of, and those it does not."""
        claim = self._passages.read(point.claim)
        matched = {i for i, _ in pairs(claim, window.passage)}
        content = [(i, w) for i, w in enumerate(claim.words) if w.idf > 0]
        return (
            list(dict.fromkeys(w.text for i, w in content if i in matched)),
            list(dict.fromkeys(w.text for i, w in content if i not in matched)),
        )

    def _misconceptions(
        self, question: Question, readings: Readings, turns: dict[int, Turn]
    ) -> tuple[MisconceptionSeen, ...]:
        windows = readings.windows
        right = [w for j, w in enumerate(windows) if readings.said[:, j].max() >= _CLEAR]
        found = [(m, stated(self._passages, m, windows, right)) for m in question.misconceptions]
        return tuple(
            MisconceptionSeen(
                misconception_id=misconception.id,
                evidence=_quote(window, turns),
                reason=f"This says, in other words: {misconception.claim}",
            )
            for misconception, window in found
            if window
        )

    def _topic(self, question: Question, windows: Sequence[Window]) -> list[float]:
        self._passages.prepare_vectors([question.reference, *(w.passage.text for w in windows)])
        about = self._passages.read(question.reference).vector
        return [float(about @ w.passage.vector) for w in windows]


def _said(answers: Sequence[Turn]) -> list[Said]:
    return [Said(t.id, t.text, t.steer.asks if t.steer else ()) for t in answers]


def _in_stage(readings: Readings, points: Sequence[KeyPoint], turns: dict[int, Turn]) -> Readings:
    """Let a point made outside its stage count only where it is clear: there most are met by chance."""
    stages = [turns[w.turn_id].stage for w in readings.windows]
    inside = [[s is None or p.stage in (None, s) for s in stages] for p in points]
    said = readings.said
    clear = (said >= _CLEAR) & (said == said.max(axis=0))
    return readings._replace(said=said * (np.asarray(inside) | clear))


def latest_contradiction(readings: Readings, k: int) -> int | None:
    """Return the window that contradicts target k, unless a part of it or a later one is right."""
    scored = zip(readings.windows, readings.said[k], strict=True)
    right = [window for window, said in scored if said >= weights.MET]
    against = [
        j
        for j, window in enumerate(readings.windows)
        if readings.contradicted[k, j] >= weights.CONTRADICTED
        and readings.contradicted[k, j] > readings.said[k, j]
        and not any(overlap(window, other) for other in right)
    ]
    if not against:
        return None
    last = max(against, key=lambda j: (readings.windows[j].number, -j))
    number = readings.windows[last].number
    if any(w.number > number for w in right):
        return None
    return max(against, key=lambda j: float(readings.contradicted[k, j]))


def _verdict_of(said: float) -> Verdict:
    if said >= weights.MET:
        return Verdict.MET
    return Verdict.PARTLY if said >= weights.PARTLY else Verdict.NOT_MET


def _quote(window: Window, turns: dict[int, Turn]) -> Quote:
    """Quote a window; the check that guards every verdict runs here too."""
    turn = turns[window.turn_id]
    quote = quote_span(turn, window.start, window.end)
    if not is_verbatim(quote, [turn]):
        raise ValueError(f"quote {quote.text!r} is not in turn {turn.id}")
    return quote


def _unlisted(
    readings: Readings,
    verdicts: Sequence[PointVerdict],
    topic: Sequence[float],
    turns: dict[int, Turn],
) -> tuple[Quote, ...]:
    """Quote on-topic sentences that no point covers: perhaps right ideas that nobody listed."""
    used = [v.evidence for v in verdicts if v.evidence]
    found: list[Quote] = []
    for j, window in enumerate(readings.windows):
        overlaps = any(
            q.turn_id == window.turn_id and q.start < window.end and q.end > window.start
            for q in [*used, *found]
        )
        said = len(window.passage.text.split()) >= _UNLISTED_WORDS
        unmatched = readings.said[:, j].max() < weights.PARTLY
        if topic[j] >= _ON_TOPIC and said and unmatched and not overlaps:
            found.append(_quote(window, turns))
    return tuple(found[:_SHOWN])


def _all_missing(points: Sequence[KeyPoint], reason: str) -> tuple[PointVerdict, ...]:
    return tuple(
        PointVerdict(key_point_id=p.id, verdict=Verdict.NOT_MET, reason=reason) for p in points
    )


def _words(words: Sequence[str]) -> str:
    return ", ".join(f'"{word}"' for word in words[:_SHOWN])


def _missing_reason(found: Sequence[str], missing: Sequence[str]) -> str:
    if not found:
        return f"Nothing in the answer speaks of {_words(missing) or 'it'}."
    tail = f", but not {_words(missing)}" if missing else ", but does not make this statement"
    return f"The nearest sentence mentions {_words(found)}{tail}."


def _credit_reason(verdict: Verdict, found: Sequence[str], missing: Sequence[str]) -> str:
    link = f" (shares {_words(found)})" if found else " in other words"
    if verdict is Verdict.MET:
        return f"This makes the point{link}."
    gap = f"; {_words(missing)} stays unsaid" if missing else ""
    return f"This comes near the point{link}{gap}."
