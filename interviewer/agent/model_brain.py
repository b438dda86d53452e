"""The model-led interviewer: a short structured reading, a streamed reply, authored words behind both.

Invariant: whatever the model does, a steer and a reply come out; two model calls an answer at most.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from typing import cast

from interviewer.agent import phrases
from interviewer.agent.brain import Brain, Scene
from interviewer.agent.model_speech import Speech, fit_to_say, speech_of
from interviewer.agent.model_steer import MAX_TOKENS, SteerCall, SteerOut
from interviewer.agent.script import Script, script_of
from interviewer.agent.understand import Understanding
from interviewer.errors import ModelError
from interviewer.llm import Ledger, Model
from interviewer.schema import Intent, KeyPoint, Move, MoveKind, Question, Steer, Turn

# Messages that hold none of these are commands: code has understood them already.
_NEEDS_READING = {Intent.ANSWER, Intent.CORRECT, Intent.ASK, Intent.SHOW}


class ModelBrain:
    """Leads an interview with a model. `offline` takes over, call by call, whenever it fails."""

    def __init__(
        self,
        model: Model,
        offline: Brain,
        *,
        steer_timeout_seconds: float,
        reply_timeout_seconds: float,
        ledger: Ledger | None = None,
    ) -> None:
        self.name = model.name
        self._model = model
        self._offline = offline
        self._steer_timeout_seconds = steer_timeout_seconds
        self._reply_timeout_seconds = reply_timeout_seconds
        self._ledger = ledger
        self._troubles: dict[str, str] = {}

    @property
    def trouble(self) -> str | None:
        """Return what is wrong with the model, in one sentence for the page; None while all is well."""
        reason = self._model.down_because or next(iter(self._troubles.values()), None)
        if reason is None:
            return None
        return f"The model did not answer ({reason}); authored words are used until it is back."

    def steer(
        self,
        question: Question,
        points: Sequence[KeyPoint],
        turns: Sequence[Turn],
        heard: Understanding,
    ) -> Steer:
        """Read the last message with one short call; past its time, or on trouble, offline."""
        if _is_closing(turns) or not _NEEDS_READING & set(heard.intents):
            return self._offline.steer(question, points, turns, heard)
        call = SteerCall(question, points, turns, heard, self._model.count_tokens)
        prompt = call.prompt
        if prompt is None:
            return self._offline.steer(question, points, turns, heard)
        try:
            out = self._model.structured(
                prompt,
                SteerOut,
                purpose="steer",
                max_tokens=MAX_TOKENS,
                timeout_seconds=self._steer_timeout_seconds,
                ledger=self._ledger,
            )
        except ModelError as error:
            self._troubles["steer"] = str(error)
            return self._offline.steer(question, points, turns, heard)
        self._troubles.pop("steer", None)
        return call.steer_from(out, self.name)

    def speak(self, move: Move, scene: Scene) -> Iterator[str]:
        """Yield the words of a move; authored words complete what the model leaves open."""
        script = script_of(move, scene.snapshot)
        speech = speech_of(move, script, scene, self._model.count_tokens)
        if speech.prompt is None:
            yield from self._offline.speak(move, scene)
            return
        said = ""
        for sentence in self._said(speech):
            said += sentence
            yield sentence
        if not said:
            yield from self._offline.speak(move, scene)
        elif rest := _rest(move, script, scene, speech, said):
            yield rest

    def _said(self, speech: Speech) -> Iterator[str]:
        """Yield the model's sentences; a failure ends them early and is remembered."""
        assert speech.prompt is not None
        pieces = self._model.stream(
            speech.prompt,
            purpose="speak",
            max_tokens=speech.max_tokens,
            timeout_seconds=self._reply_timeout_seconds,
            ledger=self._ledger,
        )
        # Closed as soon as enough is said, so that no token is paid for that nobody hears.
        with closing(cast("Generator[str]", pieces)):
            try:
                yield from fit_to_say(pieces, speech.way)
            except ModelError as error:
                self._troubles["speak"] = str(error)
            else:
                self._troubles.pop("speak", None)


def _rest(move: Move, script: Script, scene: Scene, speech: Speech, said: str) -> str:
    """Return what must still be said after the model's words, so that the move is made."""
    if speech.way == "bridge":
        words = script.words
        if move.kind is MoveKind.REVEAL and move.unknown:
            words += f"\n\nFor the rest: {_phrase('unknown', scene)}"
        return f"\n\n{words}"
    if "?" in said:
        return ""
    return f" {script.words or _phrase('anything_else', scene)}"


def _phrase(cue: str, scene: Scene) -> str:
    said = [t.text for t in scene.turns if t.role == "interviewer"]
    return phrases.choose(cue, scene.setup.manner, said, scene.snapshot.hash)


def _is_closing(turns: Sequence[Turn]) -> bool:
    """Say whether the candidate is asking their own questions: there is nothing to read then."""
    move = next((t.move for t in reversed(turns) if t.move), None)
    return move is not None and (move.kind is MoveKind.CLOSE or move.target_id == "closing")
