"""The evidence of a story: all sentences of an exchange that were read, and what they show, quoted.

Finds parts, deeds, measured results and a weighed alternative; knows no criterion and no level.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from interviewer.grading.quotes import quote_span
from interviewer.grading.story_observations import Order, acts_alone, acts_together, quantities
from interviewer.grading.story_sentences import OTHER, Reading
from interviewer.schema import Quote, SignalReading, Turn

PARTS = ("situation", "task", "action", "result", "reflection")

# Where most of what is said is no story, a single sentence that sounds like one must be surer.
_MOSTLY_BESIDE = 0.5
_BESIDE_BAR = 0.7
_MISSING = {
    "situation": "No sentence says where it was and what was going on.",
    "task": "No sentence says what had to be reached, or what the speaker answered for.",
    "action": "No sentence tells a concrete step that was taken.",
    "result": "No sentence says what came out of it.",
    "reflection": "No sentence says what the speaker learned, or does in another way now.",
    "numbers": "No sentence about what came of it holds a figure.",
    "tradeoff": "No sentence weighs an alternative against what was chosen.",
}
_SEEN = {
    "situation": "This sets the scene.",
    "task": "This says what had to be reached.",
    "action": "This tells a step that was taken.",
    "result": "This says what came of it.",
    "reflection": "This says what the speaker took from it.",
    "tradeoff": "This weighs an alternative.",
}


class Ownership(NamedTuple):
    """The speaker's own steps against the team's; `share` is None when nobody acts."""

    own: tuple[Quote, ...]
    team: tuple[Quote, ...]
    share: float | None


class Measured(NamedTuple):
    """A sentence about what came of it, with the quantities in it."""

    figures: tuple[str, ...]
    quote: Quote


class Said(NamedTuple):
    """A sentence that was read, and the turn it stands in."""

    turn: Turn
    reading: Reading

    @property
    def quote(self) -> Quote:
        return quote_span(self.turn, self.reading.span.start, self.reading.span.end)


class Evidence:
    """All sentences of an exchange. `enough` is False when too little was said to read a story."""

    def __init__(self, said: Sequence[Said], thresholds: dict[str, float], enough: bool) -> None:
        self.said = said
        self._thresholds = thresholds
        self._enough = enough
        beside = [one.reading.probabilities[OTHER] for one in said]
        mostly_beside = bool(beside) and sum(beside) / len(beside) > _MOSTLY_BESIDE
        self._least = _BESIDE_BAR if mostly_beside else 0.0

    def told(self, part: str) -> list[Said]:
        """Return the sentences that surely tell a part, the surest first."""
        bar = max(self._thresholds[part], self._least)
        sure = [s for s in self.said if self._enough and s.reading.probabilities[part] >= bar]
        return sorted(sure, key=lambda s: -s.reading.probabilities[part])

    def part(self, part: str) -> Quote | None:
        """Quote the sentence that tells a part best."""
        told = self.told(part)
        return told[0].quote if told else None

    def ownership(self) -> Ownership:
        """Weigh "I did" against "we did" over the sentences that tell a step."""
        steps = self.told("action")
        own = tuple(s.quote for s in steps if acts_alone(s.reading.span.text))
        team = tuple(
            s.quote
            for s in steps
            if acts_together(s.reading.span.text) and not acts_alone(s.reading.span.text)
        )
        acting = len(own) + len(team)
        return Ownership(own, team, len(own) / acting if acting else None)

    def numbers(self) -> tuple[Measured, ...]:
        """Return the measured results, the one with most quantities first."""
        found = [Measured(quantities(s.reading.span.text), s.quote) for s in self.told("result")]
        measured = [one for one in found if one.figures]
        return tuple(sorted(measured, key=lambda one: -len(one.figures)))

    def tradeoff(self) -> Quote | None:
        """Quote the sentence that best weighs an alternative; generalities weigh nothing."""
        bar = self._thresholds["choice"]
        weighed = [
            s
            for s in self.said
            if self._enough and s.reading.choice >= bar and s.reading.probabilities[OTHER] < 0.5
        ]
        return max(weighed, key=lambda s: s.reading.choice).quote if weighed else None

    def order(self) -> Order:
        """Say which parts are told, whether the scene precedes the steps, and how much is beside it."""
        labels = [likeliest(s.reading) for s in self.said]
        told = tuple(part for part in PARTS if self.told(part))
        scene, steps = _middle(labels, "situation"), _middle(labels, "action")
        in_order = scene is None or steps is None or scene <= steps
        return Order(told, in_order, labels.count(OTHER) / len(labels) if labels else 0.0)

    def signal(self, signal_id: str) -> SignalReading:
        """Read one signal of the rubric."""
        if signal_id == "ownership":
            return self._own_signal()
        if signal_id == "numbers":
            return self._number_signal()
        if signal_id in _SEEN:
            quote = self.tradeoff() if signal_id == "tradeoff" else self.part(signal_id)
            return _signal(
                signal_id, quote, _SEEN[signal_id] if quote else self._why_not(signal_id)
            )
        reason = "The offline story reader does not know this signal."
        return SignalReading(signal_id=signal_id, seen=None, reason=reason)

    def _own_signal(self) -> SignalReading:
        own, team, _ = self.ownership()
        if own:
            count = "One step is" if len(own) == 1 else f"{len(own)} steps are"
            beside = f", beside {len(team)} of the team's" if team else ""
            return _signal("ownership", own[0], f"{count} told as the speaker's own{beside}.")
        lacking = "No step is told as the speaker's own"
        reason = (
            f'{lacking}; "we" take all {len(team)} of them.' if len(team) > 1 else f"{lacking}."
        )
        return _signal("ownership", None, reason)

    def _number_signal(self) -> SignalReading:
        measured = self.numbers()
        if measured:
            figures = ", ".join(measured[0].figures)
            return _signal("numbers", measured[0].quote, f"A measured result: {figures}.")
        return _signal("numbers", None, self._why_not("numbers"))

    def _why_not(self, signal_id: str) -> str:
        if not self._enough:
            return "Too little was said to read a story from it."
        return _MISSING[signal_id]


def _signal(signal_id: str, quote: Quote | None, reason: str) -> SignalReading:
    return SignalReading(signal_id=signal_id, seen=quote is not None, evidence=quote, reason=reason)


def likeliest(reading: Reading) -> str:
    return max(reading.probabilities, key=reading.probabilities.__getitem__)


def _middle(labels: Sequence[str], label: str) -> float | None:
    places = [i for i, found in enumerate(labels) if found == label]
    return places[len(places) // 2] if places else None
