"""The steer call: what a model is sent to read one message, and its answer made a Steer.

Invariant: ids that were not listed and verdicts without a sentence are dropped. Nothing is scored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Literal

from pydantic import BaseModel

from interviewer.agent.trimming import fit_last, last_sentences
from interviewer.agent.understand import Understanding
from interviewer.grading.numbering import number_sentences, quote_sentences
from interviewer.llm import Prompt
from interviewer.prompts import fence, render
from interviewer.schema import (
    Intent,
    KeyPoint,
    PointReading,
    Question,
    Steer,
    Turn,
    Verdict,
)

MAX_PROMPT_TOKENS = 3000
MAX_TOKENS = 400
_ASKED_TOKENS = 80
# Ends the interview or strikes a message: only when the words themselves say so, which code can see.
_ONLY_IF_HEARD = {Intent.FINISH, Intent.RETRACT}
_ASKS = {Intent.ASK, Intent.SHOW}


class PointRead(BaseModel):
    id: str
    verdict: Literal["met", "partly", "contradicted"]
    sentences: list[str]


class SteerOut(BaseModel):
    """The reading of one message."""

    intents: list[str]
    points: list[PointRead]
    misconceptions: list[str]
    facts: list[str]
    unknown_asks: list[str]


class SteerCall:
    """One reading of the last message of `turns` on `question`."""

    def __init__(
        self,
        question: Question,
        points: Sequence[KeyPoint],
        turns: Sequence[Turn],
        heard: Understanding,
        count: Callable[[str], int],
    ) -> None:
        self._question = question
        self._points = open_points(points, turns)
        self._heard = heard
        self._sentences = {s.id: s for s in number_sentences(turns[-1])}
        self._asked = _asked(question, turns, count)
        self._count = count

    @property
    def prompt(self) -> Prompt | None:
        """Return the prompt; None when the question's lists leave no room for the message."""
        system = render("steer")
        room = MAX_PROMPT_TOKENS - self._count(system) - self._count(self._user(())) - 20
        lines = [sentence.line for sentence in self._sentences.values()]
        kept = fit_last(lines, room, self._count)
        return Prompt(system, self._user(kept), MAX_PROMPT_TOKENS) if kept else None

    def steer_from(self, out: SteerOut, reader: str) -> Steer:
        """Return what of an answer can be relied on."""
        intents = self._intents(out)
        asks = bool(_ASKS & set(intents))
        misconceptions = {m.id for m in self._question.misconceptions}
        facts = {f.id: f for f in self._question.facts}
        told = tuple(f for f in dict.fromkeys(out.facts) if f in facts) if asks else ()
        credited = dict.fromkeys(c for f in told if (c := facts[f].credits))
        read = [r for r in self._readings(out.points) if r.key_point_id not in credited]
        asked = [PointReading(key_point_id=c, verdict=Verdict.MET) for c in credited]
        return Steer(
            intents=intents,
            points=(*read, *asked),
            misconception_ids=tuple(
                m for m in dict.fromkeys(out.misconceptions) if m in misconceptions
            ),
            fact_ids=told,
            unknown_asks=tuple(u.strip() for u in out.unknown_asks if u.strip()) if asks else (),
            reader=reader,
        )

    def _user(self, lines: Iterable[str]) -> str:
        question = self._question
        # Facts can only be asked for in a question: without one they are not worth their tokens.
        facts = question.facts if self._heard.asks or self._heard.checks else ()
        return render(
            "steer_turn",
            asked=self._asked,
            points=_listed(f"{p.id}: {p.claim}" for p in self._points),
            misconceptions=_listed(f"{m.id}: {m.claim}" for m in question.misconceptions),
            facts=_listed(f"{f.id}: {f.asks[0]}" for f in facts),
            message=fence("\n".join(lines), "message"),
        )

    def _intents(self, out: SteerOut) -> tuple[Intent, ...]:
        known = {intent.value: intent for intent in Intent}
        read = [known[i] for i in dict.fromkeys(out.intents) if i in known]
        kept = [i for i in read if i not in _ONLY_IF_HEARD]
        commands = [i for i in self._heard.intents if i in _ONLY_IF_HEARD]
        return (*kept, *commands) or self._heard.intents

    def _readings(self, points: Sequence[PointRead]) -> list[PointReading]:
        open_ids = {p.id for p in self._points}
        readings = {}
        for point in points:
            quote = quote_sentences(point.sentences, self._sentences)
            if point.id in open_ids and quote:
                readings[point.id] = PointReading(
                    key_point_id=point.id, verdict=Verdict(point.verdict), quote=quote
                )
        return list(readings.values())


def open_points(points: Sequence[KeyPoint], turns: Sequence[Turn]) -> list[KeyPoint]:
    """Return the points that no standing message has met yet."""
    met = {
        r.key_point_id
        for t in turns
        if t.steer and not t.retracted
        for r in t.steer.points
        if r.verdict is Verdict.MET
    }
    return [p for p in points if p.id not in met]


def _asked(question: Question, turns: Sequence[Turn], count: Callable[[str], int]) -> str:
    said = next((t.text for t in reversed(turns) if t.role == "interviewer"), question.prompt)
    return f"({question.title}) {last_sentences(said, _ASKED_TOKENS, count)}"


def _listed(lines: Iterable[str]) -> str:
    return "\n".join(lines) or "none"
