"""A second, independent reading of what is contested: another prompt, and no view of the first.

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
    Misconception,
    MisconceptionReading,
    Quote,
    Ruling,
    SecondView,
    Undecided,
    Verdict,
)
from interviewer.text import squeeze

VERSION = "1"
_ANSWER_TOKENS = 500


class Appeal(NamedTuple):
    """One contest: the whole exchange on its question, the claim disputed, the words pointed at."""

    exchange: Exchange
    item: KeyPoint | Misconception
    quote: Quote

    @property
    def system(self) -> str:
        """Return the name of the prompt that says how such a claim is read."""
        return "contest" if isinstance(self.item, KeyPoint) else "contest_misconception"

    @property
    def claim(self) -> str:
        """Return what is disputed; with a false claim, what is true instead."""
        if isinstance(self.item, KeyPoint):
            return self.item.claim
        return f"{self.item.claim}\n\nWhat is true instead: {self.item.correction}"


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

    def stamp(self, appeal: Appeal) -> GraderStamp:
        """Return which model and prompts decide."""
        return GraderStamp(
            name="second reader",
            version=VERSION,
            model=self._model.name,
            prompt_hash=prompt_hash(appeal.system, "contest_exchange", "contest_repair"),
        )

    def decide(self, appeal: Appeal) -> Ruling:
        """Read what is contested anew. An outage or nonsense leaves it undecided."""
        stamp = self.stamp(appeal)
        try:
            reads = [self._read(window, appeal.item.id) for window in self._windows(appeal)]
        except ModelUnavailable as error:
            reason = f"Not decided yet: {error}. Try again later."
        except InvalidModelOutput as error:
            reason = (
                f"Not decided: after one repair the second reading is still unusable ({error}). "
                "Try again."
            )
        except TooLong as error:
            reason = f"Not decided: {error}."
        else:
            return Decided(verdict=_view(appeal, reads), grader=stamp)
        return Undecided(reason=reason, grader=stamp)

    def _windows(self, appeal: Appeal) -> list[Window]:
        """Return the prompts that together show the exchange, each with the words pointed at."""
        count = self._model.count_tokens
        system, pointed = render(appeal.system), _sentences_of(appeal)
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

    def _read(self, window: Window, item_id: str) -> Read:
        """Return a usable reading of one window, repaired once if need be."""
        try:
            reading = self._ask(window.prompt, item_id)
            problems = _problems(reading, window, item_id)
        except InvalidModelOutput as error:
            problems = str(error)
        if problems:
            again = render("contest_repair", problems=problems[:600])
            user = f"{window.prompt.user}\n\n{again}"
            reading = self._ask(window.prompt._replace(user=user), item_id)
            if problems := _problems(reading, window, item_id):
                raise InvalidModelOutput(problems[:300])
        return Read(reading, window.sentences)

    def _ask(self, prompt: Prompt, item_id: str) -> Reading:
        out = self._model.structured(
            prompt,
            VerdictOut,
            purpose="contest",
            max_tokens=_ANSWER_TOKENS,
            timeout_seconds=self._timeout_seconds,
            ledger=self._ledger,
        )
        point = PointOut(id=item_id, **out.model_dump())
        return Reading(points=[point], misconceptions=[], signals=[], other_valid=[])


def _view(appeal: Appeal, reads: list[Read]) -> SecondView:
    """Return what the readings make of a point; or whether a charge stands: only if it is said wholly."""
    (read,) = with_prompting(verdicts_of([appeal.item.id], reads), appeal.exchange.turns)
    if isinstance(appeal.item, KeyPoint):
        return read
    stands = read.verdict is Verdict.MET
    return MisconceptionReading(
        misconception_id=appeal.item.id,
        stands=stands,
        evidence=read.evidence if stands else None,
        reason=read.reason,
    )


def _problems(reading: Reading, window: Window, item_id: str) -> str:
    return "; ".join(problems_of(reading, window, {item_id}).get(item_id, ()))


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
        claim=appeal.claim,
        pointed_ids=", ".join(s.id for s in pointed),
        pointed=fence(squeeze(appeal.quote.text), "pointed_at"),
        transcript=fence(transcript, "transcript"),
    )
