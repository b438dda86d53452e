"""One configured model: free text in pieces, or a value of a schema, with budgets and usage.

Invariant: every call keeps its prompt budget, its seconds and the spend limit, is noted in the
ledger, and fails at once while the breaker is open.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from pydantic import BaseModel

from interviewer.errors import InvalidModelOutput, ModelUnavailable
from interviewer.llm.breaker import Breaker
from interviewer.llm.calls import NO_PRICES, Ledger, Prices, Prompt, Usage
from interviewer.llm.client import Answer, Call, ChatClient, ShapeMode
from interviewer.llm.json_output import read_json
from interviewer.llm.thinking import ThinkingFilter, spoken_text
from interviewer.llm.tokens import TOKENS_PER_MESSAGE, TokenCounter
from interviewer.llm.trouble import Outage, Refused, Unreadable

S = TypeVar("S", bound=BaseModel)

# Thinking counts as output: without room for it a reasoning model is cut off before it speaks.
_THINKING_TOKENS = 2000
_PROBE = Prompt("You are being tested for a connection.", "Say: ok", 100)
_PROBE_SECONDS = 20.0


class PromptOverBudget(ValueError):
    """The caller broke its own promise about a prompt's length: an error of the program."""


class Model:
    """A language model. Shared by all sessions, safe to use from several threads.

    `thinks`: it reasons before it answers (no temperature, room for thinking).
    `starts_thinking`: its answers begin within thinking, without an opening tag.
    """

    def __init__(
        self,
        *,
        name: str,
        client: ChatClient,
        tokens: TokenCounter,
        prices: Prices = NO_PRICES,
        thinks: bool = False,
        starts_thinking: bool = False,
        probe_delay_seconds: float = 5.0,
    ) -> None:
        self.name = name
        self._client = client
        self._tokens = tokens
        self._prices = prices
        self._thinks = thinks
        self._starts_thinking = starts_thinking
        self._modes: list[ShapeMode] = list(client.modes)
        self._mode_works = False
        self._breaker = Breaker(self.probe, first_delay_seconds=probe_delay_seconds)

    @property
    def down_because(self) -> str | None:
        """Return why the model is not called at present; None while it is."""
        return self._breaker.open_because

    def count_tokens(self, text: str) -> int:
        """Return the tokens of a text."""
        return self._tokens.count(text)

    def prompt_tokens(self, prompt: Prompt) -> int:
        """Return the tokens of a whole prompt, message overhead included."""
        return sum(self._tokens.count(t) + TOKENS_PER_MESSAGE for t in (prompt.system, prompt.user))

    def stream(
        self,
        prompt: Prompt,
        *,
        purpose: str,
        max_tokens: int,
        timeout_seconds: float,
        ledger: Ledger | None = None,
    ) -> Iterator[str]:
        """Yield an answer in pieces, thinking left out. Raise ModelError, also halfway."""
        call = self._admit(prompt, max_tokens, timeout_seconds, ledger)
        thinking = ThinkingFilter(inside=self._starts_thinking)
        heard: list[Answer] = []
        said = False
        try:
            for piece in self._watched(call, heard):
                if text := thinking.feed(piece.text):
                    said = True
                    yield text
            if text := thinking.flush():
                said = True
                yield text
        finally:
            self._thinks |= thinking.saw_thinking
            self._starts_thinking |= thinking.lone_close
            self._note(purpose, prompt, heard, ledger)
        if not said:
            error = Unreadable("the answer was empty")
            self._breaker.failed(error)
            raise error
        self._breaker.succeeded()

    def structured(
        self,
        prompt: Prompt,
        schema: type[S],
        *,
        purpose: str,
        max_tokens: int,
        timeout_seconds: float,
        ledger: Ledger | None = None,
    ) -> S:
        """Return a value of `schema`. Raise ModelError."""
        call = self._admit(prompt, max_tokens, timeout_seconds, ledger)
        call = call._replace(schema=schema, temperature=None if self._thinks else 0.0)
        answer = self._shaped(call, purpose, ledger)
        try:
            if answer.cut_off:
                raise InvalidModelOutput(f"the answer was cut off at {call.max_tokens} tokens")
            value = read_json(spoken_text(answer.text), schema)
        except InvalidModelOutput:
            # A mode that never worked gives way to the next one, for the next call: no hidden retry.
            if not self._mode_works and not answer.cut_off:
                self._modes.append(self._modes.pop(0))
            raise
        self._mode_works = True
        return value

    def probe(self) -> None:
        """Make one tiny call: a connection test. Raise ModelError if it is not answered."""
        self._client.complete(Call(_PROBE, 16, _PROBE_SECONDS))

    def wait_until_back(self, seconds: float) -> bool:
        """Wait while the breaker is open, for so long at most; return whether the model is called."""
        return self._breaker.wait(seconds)

    def close(self) -> None:
        """Stop probing in the background."""
        self._breaker.close()

    def _shaped(self, call: Call, purpose: str, ledger: Ledger | None) -> Answer:
        """Make one structured call, falling back while the server refuses the way it is asked."""
        modes = self._modes[:1] if self._mode_works else list(self._modes)
        for mode in modes:
            heard: list[Answer] = []
            try:
                for _ in self._watched(call._replace(mode=mode), heard, whole=True):
                    pass
            except Refused as refusal:
                if refusal.status != 404 and mode != modes[-1]:
                    continue
                self._breaker.failed(refusal)
                raise
            finally:
                if heard:
                    self._note(purpose, call.prompt, heard, ledger)
            self._modes = [mode, *(m for m in self._modes if m != mode)]
            self._breaker.succeeded()
            return heard[-1]
        raise AssertionError("a client without a shape mode")

    def _watched(self, call: Call, heard: list[Answer], *, whole: bool = False) -> Iterator[Answer]:
        """Yield the pieces of a call, keep them, and tell the breaker about outages."""
        try:
            pieces = iter([self._client.complete(call)]) if whole else self._client.stream(call)
            for piece in pieces:
                heard.append(piece)
                yield piece
        except (Outage, Unreadable) as error:
            if not isinstance(error, Refused) or not whole:
                self._breaker.failed(error, getattr(error, "retry_after_seconds", None))
            raise

    def _admit(
        self, prompt: Prompt, max_tokens: int, seconds: float, ledger: Ledger | None
    ) -> Call:
        """Check the prompt's budget, the spend limit and the breaker before anything is sent."""
        length = self.prompt_tokens(prompt)
        if length > prompt.max_prompt_tokens:
            raise PromptOverBudget(f"{length} tokens, at most {prompt.max_prompt_tokens} promised")
        self._breaker.check()
        if self._thinks:
            max_tokens += _THINKING_TOKENS
        left = ledger.remaining() if ledger else None
        if left is not None and (self._prices.cost(length, max_tokens) or 0.0) > max(left, 0.0):
            raise ModelUnavailable("the spend limit of this session is used up")
        return Call(prompt, max_tokens, seconds)

    def _note(
        self, purpose: str, prompt: Prompt, heard: list[Answer], ledger: Ledger | None
    ) -> None:
        """Note a call's tokens: the server's count, or our own where it gives none."""
        if ledger is None:
            return
        reported = [a for a in heard if a.prompt_tokens is not None]
        if reported:
            tokens = sum(a.prompt_tokens or 0 for a in reported)
            output = sum(a.completion_tokens or 0 for a in reported)
        else:
            tokens = self.prompt_tokens(prompt)
            output = self.count_tokens("".join(a.text for a in heard))
        cost = self._prices.cost(tokens, output)
        ledger.note(Usage(purpose, self.name, tokens, output, cost))
