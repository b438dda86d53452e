"""A second, independent reading of one contested point: another prompt, and no view of the first.

Invariant: a ruling rests on a complete reading with real sentences; an outage or nonsense leaves the
contest undecided. The candidate's comment on the case never reaches the reader.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from pydantic import BaseModel

from interviewer.errors import InvalidModelOutput, ModelUnavailable
from interviewer.grading.arithmetic import with_prompting
from interviewer.grading.model_reading import (
    LEAST_WINDOW_TOKENS,
    MAX_PROMPT_TOKENS,
    REPAIR_TOKENS,
    PointOut,
    Reading,
    TooLong,
    Window,
    packed_lines,
    problems_of,
)
from interviewer.grading.model_verdicts import Read, verdicts_of
from interviewer.grading.numbering import Sentence, number_sentences
from interviewer.llm import Ledger, Model, Prompt
from interviewer.prompts import fence, prompt_hash, render
from interviewer.schema import (
    Decided,
    Exchange,
    GraderStamp,
    KeyPoint,
    Quote,
    Ruling,
    Undecided,
    Verdict,
)
from interviewer.text import squeeze

VERSION = "1"
PROMPTS = ("contest", "contest_exchange", "contest_repair")
_ANSWER_TOKENS = 500


class Appeal(NamedTuple):
    """One contested point: the whole exchange on its question, and the words pointed at."""

    exchange: Exchange
    point: KeyPoint
    quote: Quote


class SecondReader(Protocol):
    """Decides contests. Never raises for a bad answer or a broken model."""

    def decide(self, appeal: Appeal) -> Ruling:
        """Return a verdict with its stamp, or why there is none yet."""
        ...


class VerdictOut(BaseModel):
    reason: str
    verdict: Verdict
    sentences: list[str]


class ModelSecondReader:
    """Decides with a model, within `timeout_seconds` a call."""

    def __init__(self, model: Model, timeout_seconds: float, ledger: Ledger | None = None) -> None:
        self._model = model
        self._timeout_seconds = timeout_seconds
        self._ledger = ledger

    @property
    def stamp(self) -> GraderStamp:
        """Return which model and prompts decide."""
        return GraderStamp(
            name="second reader",
            version=VERSION,
            model=self._model.name,
            prompt_hash=prompt_hash(*PROMPTS),
        )

    def decide(self, appeal: Appeal) -> Ruling:
        """Read the contested point anew. An outage or nonsense leaves it undecided."""
        try:
            reads = [self._read(window, appeal.point.id) for window in self._windows(appeal)]
        except ModelUnavailable as error:
            return self._undecided(f"Not decided yet: {error}. Try again later.")
        except InvalidModelOutput as error:
            return self._undecided(
                f"Not decided: after one repair the second reading is still unusable ({error}). "
                "Try again."
            )
        except TooLong as error:
            return self._undecided(f"Not decided: {error}.")
        read = verdicts_of([appeal.point.id], reads)
        (verdict,) = with_prompting(read, appeal.exchange.turns)
        return Decided(verdict=verdict, grader=self.stamp)

    def _undecided(self, reason: str) -> Undecided:
        return Undecided(reason=reason, grader=self.stamp)

    def _windows(self, appeal: Appeal) -> list[Window]:
        """Return the prompts that together show the exchange, each with the words pointed at."""
        count = self._model.count_tokens
        system, pointed = render("contest"), _sentences_of(appeal)
        room = MAX_PROMPT_TOKENS - REPAIR_TOKENS - count(system)
        room -= count(_user(appeal, pointed, ""))
        if room < LEAST_WINDOW_TOKENS:
            raise TooLong("the words pointed at fill the prompt; point at fewer")
        windows = []
        for lines in packed_lines(appeal.exchange.turns, room, count):
            user = _user(appeal, pointed, "\n".join(line.text for line in lines))
            shown = [*pointed, *(line.sentence for line in lines if line.sentence)]
            known = {s.id: s for s in sorted(shown, key=lambda s: (s.turn.id, s.start))}
            windows.append(Window(Prompt(system, user, MAX_PROMPT_TOKENS), known))
        return windows

    def _read(self, window: Window, point_id: str) -> Read:
        """Return a usable reading of one window, repaired once if need be."""
        try:
            reading = self._ask(window.prompt, point_id)
            problems = _problems(reading, window, point_id)
        except InvalidModelOutput as error:
            problems = str(error)
        if problems:
            again = render("contest_repair", problems=problems[:600])
            user = f"{window.prompt.user}\n\n{again}"
            reading = self._ask(window.prompt._replace(user=user), point_id)
            if problems := _problems(reading, window, point_id):
                raise InvalidModelOutput(problems[:300])
        return Read(reading, window.sentences)

    def _ask(self, prompt: Prompt, point_id: str) -> Reading:
        out = self._model.structured(
            prompt,
            VerdictOut,
            purpose="contest",
            max_tokens=_ANSWER_TOKENS,
            timeout_seconds=self._timeout_seconds,
            ledger=self._ledger,
        )
        point = PointOut(id=point_id, **out.model_dump())
        return Reading(points=[point], misconceptions=[], signals=[], other_valid=[])


def _problems(reading: Reading, window: Window, point_id: str) -> str:
    return "; ".join(problems_of(reading, window, {point_id}).get(point_id, ()))


def _sentences_of(appeal: Appeal) -> list[Sentence]:
    """Return the numbered sentences that the words pointed at stand in."""
    quote = appeal.quote
    turn = next(t for t in appeal.exchange.answers if t.id == quote.turn_id)
    return [
        s
        for s in number_sentences(turn, f"t{turn.id}.")
        if s.start < quote.end and s.end > quote.start
    ]


def _user(appeal: Appeal, pointed: Sequence[Sentence], transcript: str) -> str:
    return render(
        "contest_exchange",
        prompt=squeeze(appeal.exchange.question.prompt),
        claim=appeal.point.claim,
        pointed_ids=", ".join(s.id for s in pointed),
        pointed=fence(squeeze(appeal.quote.text), "pointed_at"),
        transcript=fence(transcript, "transcript"),
    )
