"""Has a model read an exchange: window by window, checked, repaired once.

Invariant: what is returned holds a verdict for every point, each with real sentences where due.
"""

from __future__ import annotations

from collections.abc import Collection

from interviewer.errors import InvalidModelOutput
from interviewer.grading.model_reading import (
    Reading,
    Task,
    Window,
    problems_of,
    repair_prompt,
    windows_of,
)
from interviewer.grading.model_verdicts import Read
from interviewer.llm import Ledger, Model

_TOKENS_PER_ITEM, _TOKENS_BESIDE = 110, 500


class ModelReader:
    """Reads with one model, within `timeout_seconds` a call."""

    def __init__(self, model: Model, timeout_seconds: float, ledger: Ledger | None = None) -> None:
        self._model = model
        self._timeout_seconds = timeout_seconds
        self._ledger = ledger

    @property
    def model_name(self) -> str:
        return self._model.name

    def read(self, task: Task) -> list[Read]:
        """Return the readings of all windows. Raise ModelError, or TooLong."""
        windows = windows_of(task, self._model.count_tokens)
        return [Read(self._window(w, task), w.sentences) for w in windows]

    def _window(self, window: Window, task: Task) -> Reading:
        """Return a reading without problems, repaired once if need be."""
        try:
            reading = self._ask(window, task)
            problems = problems_of(reading, window, task.points)
        except InvalidModelOutput as error:
            reading = Reading(points=[], misconceptions=[], signals=[], other_valid=[])
            problems = {"": [str(error)], **{p: ["no verdict for it"] for p in task.points}}
        if not problems:
            return reading
        wanted = [p for p in task.points if p in problems]
        again = window._replace(prompt=repair_prompt(window, problems, wanted))
        reading = _merge(reading, self._ask(again, task), task.points, wanted)
        left = problems_of(reading, window, task.points)
        if left:
            listed = "; ".join(f"{point}: {', '.join(p)}" for point, p in left.items())
            raise InvalidModelOutput(listed[:300])
        return reading

    def _ask(self, window: Window, task: Task) -> Reading:
        return self._model.structured(
            window.prompt,
            Reading,
            purpose="grade",
            max_tokens=_TOKENS_BESIDE + _TOKENS_PER_ITEM * task.items,
            timeout_seconds=self._timeout_seconds,
            ledger=self._ledger,
        )


def _merge(
    first: Reading, repaired: Reading, known: Collection[str], wanted: Collection[str]
) -> Reading:
    """Return the first reading with the wanted verdicts taken from its repair."""
    kept = [p for p in first.points if p.id in known and p.id not in wanted]
    again = [p for p in repaired.points if p.id in wanted]
    whole = first if first.points else repaired
    return whole.model_copy(update={"points": kept + again})
