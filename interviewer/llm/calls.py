"""What goes into a model call and what is noted of it. Pure values; knows no client."""

from __future__ import annotations

from typing import NamedTuple, Protocol


class Prompt(NamedTuple):
    """One call's text. `max_prompt_tokens` is a promise of the caller, checked before the call."""

    system: str
    user: str
    max_prompt_tokens: int


class Usage(NamedTuple):
    """Tokens of one call; `cost` in the currency of the configured prices, None when unknown."""

    purpose: str
    model: str
    prompt_tokens: int
    completion_tokens: int
    cost: float | None


class Ledger(Protocol):
    """Keeps the usage of one session."""

    def note(self, usage: Usage) -> None:
        """Keep the usage of one call, also of a call that failed halfway."""
        ...

    def remaining(self) -> float | None:
        """Return the money left under the spend limit; None without a limit."""
        ...


class Prices(NamedTuple):
    """Prices per million tokens; None when the user has not stated them."""

    input_per_million: float | None
    output_per_million: float | None

    def cost(self, prompt_tokens: int, completion_tokens: int) -> float | None:
        """Return what a call costs, or None when a price is unknown."""
        if self.input_per_million is None or self.output_per_million is None:
            return None
        total = prompt_tokens * self.input_per_million
        return (total + completion_tokens * self.output_per_million) / 1e6


NO_PRICES = Prices(None, None)
